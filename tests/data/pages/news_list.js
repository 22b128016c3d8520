// The list that a page draws its news from. It is no JSON.
var notice = new Array();
notice[0] = { n_date:"2026.08.05 17:00 (CET)", n_head:"Members&#8217; talks on &ldquo;e-commerce&rdquo; &amp; customs duties",
  n_intro:"Talks go on; a text is expected " + "by December.", n_url:"/english/news_e/ecom_05aug26_e.htm", n_tags:["ecom",'serv'] };
/* notice[1] = { n_date:"2026.08.04", n_head:"Withdrawn", n_url:"/english/news_e/withdrawn_e.htm" }; */
notice[2] = { n_date:'2026.8.4', n_head:'Panel report: wood', n_intro:"", n_url:'/english/news_e/wood_04aug26_e.htm', n_show: isNew(notice, 2), };
