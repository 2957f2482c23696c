/** Comments and reviews with the ways the software shows that they have come; and the other forms of a blog. */

import { onSubmit, put, redirect, show } from './support/page.mjs';

export const preset = 'comment_posted';

const posted = [['comment_posted', 'confirmed']];
const WP = '<div id="respond" class="comment-respond"><form action="/wp-comments-post.php" method="post" id="commentform" class="comment-form" novalidate><p class="comment-form-comment"><label for="comment">Kommentar</label><textarea id="comment" name="comment" required></textarea></p><input id="author" name="author" autocomplete="name"><input id="email" name="email" type="email" autocomplete="email"><p class="form-submit"><input name="submit" type="submit" id="submit" class="submit" value="Kommentar abschicken"></p></form></div>';
const write = (field, form) => [['type', field, 'Very good light.'], ['submit', form]];

export const hits = [
  { title: 'WordPress leads to the new comment (de)', html: WP, pages: { 'POST /wp-comments-post.php': redirect('/blog/licht/#comment-12'), '/blog/licht/': '<ol class="comment-list"><li id="comment-12" class="comment"><div class="comment-body">Sehr gutes Licht.</div></li></ol>' }, act: [...write('#comment', '#commentform'), ['see', '#comment-12']], expect: posted },
  { title: 'WordPress holds it for a look (de)', html: WP, pages: { 'POST /wp-comments-post.php': redirect('/blog/licht/?unapproved=12&moderation-hash=abc#comment-12'), '/blog/licht/': '<p>Licht</p>' }, act: [...write('#comment', '#commentform'), ['arrive', '/blog/licht/**']], expect: posted },
  { title: 'WordPress refuses it on a page without any script (de)', html: WP, pages: { 'POST /wp-comments-post.php': { status: 409, body: '<!doctype html><title>Fehler</title><div class="wp-die-message">Doppelter Kommentar</div>' }, '/back': '<p>back</p>' }, within: '1s', noise: [/409/], act: [...write('#comment', '#commentform'), ['see', '.wp-die-message'], ['goto', '/back']], expect: [['comment_posted', 'unknown']] },
  { title: 'a Shopify blog (fr)', html: '<form method="post" action="/blogs/news/lampes/comments#comment_form" id="comment_form" accept-charset="UTF-8" class="comment-form"><textarea name="comment[body]" id="CommentForm-body" required></textarea><input type="submit" class="button" value="Publier"></form>', pages: { 'POST /blogs/news/lampes/comments': '<form id="comment_form" method="post"><div class="form-status-list form__message" role="status"><h3 class="form-status">Votre commentaire a été publié.</h3></div></form>' }, act: [...write('#CommentForm-body', '#comment_form'), ['see', '[role=status]']], expect: posted },
  { title: 'a review on Magento (es)', html: '<form action="/review/product/post/id/12/" class="review-form" method="post" id="review-form"><textarea name="detail" id="review_field"></textarea><button type="submit" class="action submit primary"><span>Enviar</span></button></form>', pages: { 'POST /review/product/post/id/12/': '<div class="page messages"><div class="message-success success message">Gracias.</div></div>' }, act: [...write('#review_field', '#review-form'), ['see', '.message-success']], expect: posted },
  { title: 'a review on PrestaShop, refused (it)', html: '<form id="post-product-comment-form" action="/module/productcomments/PostComment" method="POST"><textarea name="comment_content"></textarea><button type="submit">Invia</button></form><div id="product-comment-post-error" class="modal fade" style="display:none">Errore</div>' + onSubmit('form', `const box = document.querySelector('#product-comment-post-error'); box.classList.add('show'); ${show('#product-comment-post-error')}`), act: write('textarea', 'form'), expect: [['comment_posted', 'failed']] },
  { title: 'a form of the site’s own (pl)', html: '<form class="komentarz-form"><textarea name="t"></textarea><button>Wyślij</button></form>' + onSubmit('form', "location.href = '/dziekujemy'"), pages: { '/dziekujemy': '<p>Dziękujemy!</p>' }, act: [...write('textarea', 'form'), ['arrive', '/dziekujemy']], expect: posted },
];

export const misses = [
  { title: 'a search among comments', html: '<form role="search" class="comment-form-search"><input name="q"><button>Search</button></form>' + onSubmit('form', ''), act: [['type', '[name=q]', 'x'], ['submit', 'form']] },
  { title: 'deleting one’s comment', html: '<form class="comment-form" action="/comments/12/delete"><button>Delete</button></form>' + onSubmit('form', ''), act: [['submit', 'form']] },
  { title: 'a contact form', html: '<form class="contact-form"><textarea name="m"></textarea><button>Send</button></form>' + onSubmit('form', put('<p>ok</p>')), act: write('textarea', 'form') },
];
