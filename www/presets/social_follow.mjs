/** Links to profiles, and the links to the same networks that share, log in, or show one post. */

export const preset = 'social_follow';

const hit = (title, href, label = '') => ({ title, html: `<footer><ul class="social"><li><a href="${href}" target="_blank" rel="noopener me" aria-label="${label}"><svg width="24" height="24"><circle cx="12" cy="12" r="12"></circle></svg></a></li></ul></footer>`, act: [['click', 'circle']], expect: [['social_follow', 'attempted', { properties: { to: href.split('?')[0] } }]] });
const miss = (title, href) => ({ ...hit(title, href), expect: [] });

export const hits = [
  hit('Instagram (de)', 'https://www.instagram.com/lampenladen/', 'Folge uns auf Instagram'),
  hit('Facebook (fr)', 'https://www.facebook.com/lampes', 'Suivez-nous'),
  hit('YouTube (es)', 'https://www.youtube.com/@lamparas?sub_confirmation=1', 'Suscríbete'),
  hit('X (it)', 'https://x.com/lampade', 'Seguici'),
  hit('TikTok (pl)', 'https://www.tiktok.com/@lampy', 'Obserwuj nas'),
  hit('LinkedIn (nl)', 'https://www.linkedin.com/company/lampen/', 'Volg ons'),
  hit('Pinterest in a country', 'https://www.pinterest.de/lampenladen/'),
];

export const misses = [
  miss('sharing on Facebook', 'https://www.facebook.com/sharer/sharer.php?u=https%3A%2F%2Fshop.example'),
  miss('posting on X', 'https://x.com/intent/post?url=https%3A%2F%2Fshop.example'),
  miss('sharing on Twitter', 'https://twitter.com/share?url=x'),
  miss('sharing on LinkedIn', 'https://www.linkedin.com/sharing/share-offsite/?url=x'),
  miss('pinning a picture', 'https://www.pinterest.com/pin/create/button/?url=x'),
  miss('one video', 'https://www.youtube.com/watch?v=x'),
  miss('one post', 'https://www.instagram.com/p/Cx1/'),
  miss('logging in with Facebook', 'https://www.facebook.com/v19.0/dialog/oauth?client_id=1'),
  miss('a site whose name only ends like one', 'https://www.notfacebook.example/lampes'),
  miss('another shop', 'https://partner.example/'),
];
