using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Relais.Tests;

/// <summary>An answer as a person sees it.</summary>
public sealed record Page(Uri Address, HttpStatusCode Status, string Html, IHtmlDocument Document)
{
    public string Path => Address.AbsolutePath;

    public string Text => Document.Body?.TextContent ?? "";

    /// <summary>What is said beside the field of this name, or null.</summary>
    public string? ErrorOf(string field)
    {
        var described = Document.QuerySelector($"[name='{field}']")?.GetAttribute("aria-describedby") ?? "";
        var error = described.Split(' ').FirstOrDefault(id => id.EndsWith("-error", StringComparison.Ordinal));
        return error is null ? null : Document.GetElementById(error)?.TextContent.Trim();
    }

    /// <summary>What is said at the top of the form.</summary>
    public string? Alert => Document.QuerySelector("[role=alert]:not([hidden])")?.TextContent.Trim();

    public string ValueOf(string field) => (Document.QuerySelector($"input[name='{field}']") as IHtmlInputElement)?.Value ?? "";

    internal static async Task<Page> ReadAsync(Uri address, HttpResponseMessage response)
    {
        var html = await response.Content.ReadAsStringAsync();
        return new Page(address, response.StatusCode, html, await new HtmlParser().ParseDocumentAsync(html, CancellationToken.None));
    }

    internal (Uri Action, List<KeyValuePair<string, string>> Values) Fill(string? form, (string Name, string? Value)[] fields)
    {
        var found = Document.Forms.OfType<IHtmlFormElement>().FirstOrDefault(f => Matches(f, form, fields))
            ?? throw new InvalidOperationException($"No form {form} with {string.Join(", ", fields.Select(f => f.Name))} on {Address}: {Text}");
        var values = new List<KeyValuePair<string, string>>();
        foreach (var input in found.Elements.OfType<IHtmlInputElement>().Where(i => i.Name is { Length: > 0 }))
        {
            if (input.Type is not ("checkbox" or "radio") || input.IsChecked)
                values.Add(new(input.Name!, input.Value));
        }

        values.AddRange(found.Elements.OfType<IHtmlSelectElement>().Select(s => new KeyValuePair<string, string>(s.Name ?? "", s.Value ?? "")));
        foreach (var name in fields.Select(f => f.Name).Distinct(StringComparer.Ordinal))
            values.RemoveAll(v => string.Equals(v.Key, name, StringComparison.Ordinal));
        values.AddRange(fields.Where(f => f.Value is not null).Select(f => new KeyValuePair<string, string>(f.Name, f.Value!)));
        return (new Uri(Address, found.GetAttribute("action") ?? ""), values);
    }

    private static bool Matches(IHtmlFormElement form, string? name, (string Name, string? Value)[] fields)
    {
        if (!string.Equals(form.Method, "post", StringComparison.OrdinalIgnoreCase))
            return false;
        if (name is not null)
        {
            var handler = form.QuerySelector("input[name='_handler']")?.GetAttribute("value");
            return string.Equals(form.GetAttribute("action"), name, StringComparison.Ordinal) || string.Equals(handler, name, StringComparison.Ordinal);
        }

        return fields.All(f => form.QuerySelector($"[name='{f.Name}']") is not null);
    }
}
