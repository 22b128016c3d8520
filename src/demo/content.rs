//! What the demonstration serves and announces: documents shaped like the real ones, in our own words.

/// Something the origin serves.
#[derive(Debug)]
pub struct Document {
    pub path: &'static str,
    /// As real servers label them, which is not always right.
    pub content_type: &'static str,
    /// The HTTP date for `Last-Modified`.
    pub modified: &'static str,
    pub bytes: &'static [u8],
}

/// The path of the source that answers 503.
pub(super) const DOWN: &str = "/frontier-monthly/feed.xml";

/// Names and texts of the announcements, as they are written into the demonstration's folder.
pub const ANNOUNCEMENTS: &[(&str, &str)] = &[
    ("international-customs-day-2018.md", include_str!("announcements/international-customs-day-2018.md")),
    ("mails-from-no-reply-at-ict.md", include_str!("announcements/mails-from-no-reply-at-ict.md")),
    ("shanghai-association-president.md", include_str!("announcements/shanghai-association-president.md")),
    ("wco-aeo-conference-2018.md", include_str!("announcements/wco-aeo-conference-2018.md")),
    ("wco-e-commerce-conference-2018.md", include_str!("announcements/wco-e-commerce-conference-2018.md")),
    ("wco-theme-2018-introduction.md", include_str!("announcements/wco-theme-2018-introduction.md")),
];

pub const DOCUMENTS: &[Document] = &[
    Document {
        path: "/robots.txt",
        content_type: "text/plain; charset=utf-8",
        modified: "Mon, 02 Oct 2017 08:00:00 GMT",
        bytes: b"User-agent: *\nDisallow: /private/\n",
    },
    Document {
        path: "/wto/library/rss/latest_news_e.xml",
        content_type: "text/xml; charset=utf-8",
        modified: "Fri, 12 Jan 2018 17:20:00 GMT",
        bytes: include_bytes!("sources/wto.xml"),
    },
    Document {
        path: "/wco/en/media/newsroom.aspx",
        content_type: "text/html; charset=utf-8",
        modified: "Thu, 11 Jan 2018 14:02:00 GMT",
        bytes: include_bytes!("sources/wco-en.html"),
    },
    Document {
        path: "/wco/fr/media/newsroom.aspx",
        content_type: "text/html; charset=utf-8",
        modified: "Fri, 01 Dec 2017 15:31:00 GMT",
        bytes: include_bytes!("sources/wco-fr.html"),
    },
    Document {
        path: "/wco/ru-ru/media/newsroom.aspx",
        content_type: "text/html; charset=utf-8",
        modified: "Mon, 30 Oct 2017 12:45:00 GMT",
        bytes: include_bytes!("sources/wco-ru.html"),
    },
    Document {
        path: "/hmrc/government/organisations/hm-revenue-customs.atom",
        content_type: "application/atom+xml; charset=utf-8",
        modified: "Fri, 12 Jan 2018 15:04:00 GMT",
        bytes: include_bytes!("sources/hmrc.atom"),
    },
    Document {
        path: "/receita/noticias/RSS",
        // Wrong on purpose.
        content_type: "text/plain; charset=utf-8",
        modified: "Tue, 09 Jan 2018 17:00:00 GMT",
        bytes: include_bytes!("sources/receita.rdf"),
    },
    Document {
        path: "/upu/fr/actualites.json",
        content_type: "application/feed+json",
        modified: "Thu, 11 Jan 2018 09:00:00 GMT",
        bytes: include_bytes!("sources/upu.json"),
    },
    Document {
        path: "/gacc/news.xml",
        // Wrong on purpose.
        content_type: "application/octet-stream",
        modified: "Wed, 10 Jan 2018 01:00:00 GMT",
        bytes: include_bytes!("sources/gacc.xml"),
    },
    Document {
        path: "/saudi-customs/news.atom",
        content_type: "application/atom+xml",
        modified: "Sun, 14 Jan 2018 05:00:00 GMT",
        bytes: include_bytes!("sources/saudi-customs.atom"),
    },
    Document {
        path: "/etrade/news/feed/",
        content_type: "application/rss+xml; charset=UTF-8",
        modified: "Thu, 14 Dec 2017 09:12:00 GMT",
        bytes: include_bytes!("sources/etrade.xml"),
    },
    Document {
        path: "/port-and-parcel/feed/",
        // Wrong on purpose.
        content_type: "text/html; charset=utf-8",
        modified: "Mon, 15 Jan 2018 06:10:00 GMT",
        bytes: include_bytes!("sources/press.xml"),
    },
    Document {
        path: "/revista-aduanera/rss.xml",
        content_type: "application/rss+xml",
        modified: "Thu, 11 Jan 2018 13:00:00 GMT",
        bytes: include_bytes!("sources/revista.xml"),
    },
];
