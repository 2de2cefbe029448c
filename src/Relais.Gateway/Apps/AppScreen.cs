using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Localization;
using Relais.Portal;

namespace Relais.Gateway.Apps;

/// <summary>
/// What a person reads on an app's host when the app itself does not answer them. It stands alone: the portal's sheets and scripts belong
/// to another host. Programs get the same words as plain text.
/// </summary>
internal sealed class AppScreen(IStringLocalizer<AppTexts> text)
{
    // Accents as they are.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private static readonly CompositeFormat Html = CompositeFormat.Parse("""
        <!DOCTYPE html>
        <html lang="{0}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{1} · Relais</title>
        <style nonce="{2}">
        :root {{ color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }}
        body {{ margin: 0; padding: 2rem 1rem; }}
        main {{ max-width: 36rem; margin: 10vh auto 0; overflow-wrap: anywhere; }}
        h1 {{ font-size: 1.5rem; line-height: 1.25; }}
        a {{ display: inline-block; padding: .5rem 1rem; border: 1px solid; border-radius: .25rem; margin: 0 .5rem .5rem 0; color: LinkText; }}
        </style>
        </head>
        <body>
        <main>
        <h1>{1}</h1>
        <p>{3}</p>
        <p>{4}</p>
        <p>{5}<a href="{6}">{7}</a></p>
        <p>{8} <code>{9}</code></p>
        </main>
        </body>
        </html>

        """);

    /// <summary>Answers with the words "Screen.KIND".</summary>
    /// <param name="app">The app's name, or the host name that nobody has.</param>
    /// <param name="portal">The portal's address.</param>
    /// <param name="again">Whether trying again may help.</param>
    public async Task WriteAsync(HttpContext context, int status, string kind, string app, string portal, bool again, CancellationToken cancel)
    {
        var response = context.Response;
        var reference = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
        var (title, what, action) = (text[$"Screen.{kind}.Title", app].Value, text[$"Screen.{kind}.What", app].Value, text[$"Screen.{kind}.Do", app].Value);
        response.Clear();
        response.StatusCode = status;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        if (!WantsPage(context.Request))
        {
            response.ContentType = "text/plain; charset=utf-8";
            await response.WriteAsync($"{title}\n{what}\n{action}\n{reference}\n", cancel);
            return;
        }

        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy = $"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        response.Headers.XFrameOptions = "DENY";
        var retry = again ? $"<a href=\"\">{Encode(text["Screen.Again"])}</a>" : "";
        await response.WriteAsync(
            string.Format(
                CultureInfo.InvariantCulture, Html, CultureInfo.CurrentUICulture.TwoLetterISOLanguageName, Encode(title), nonce, Encode(what), Encode(action),
                retry, Encode(portal), Encode(text["Screen.Portal"]), Encode(text["Screen.Reference"]), Encode(reference)),
            cancel);
    }

    public static bool WantsPage(HttpRequest request) => request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>The person's language, or what the browser prefers of those that Relais speaks.</summary>
    public static CultureInfo LanguageOf(HttpRequest request, string? chosen)
    {
        var wanted = chosen is null
            ? request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1).Select(l => l.Value.ToString().Split('-')[0])
            : [chosen];
        var spoken = wanted.FirstOrDefault(l => PortalLanguages.All.Contains(l, StringComparer.OrdinalIgnoreCase)) ?? PortalLanguages.All[0];
        return CultureInfo.GetCultureInfo(spoken.ToLowerInvariant());
    }

    private static string Encode(string words) => Encoder.Encode(words);
}
