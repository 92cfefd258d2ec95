import theme from 'vitepress/theme-without-fonts';
import '../../.pages/drawings.css';
import './style.css';

export default theme;
