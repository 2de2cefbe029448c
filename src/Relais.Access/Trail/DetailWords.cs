using System.Text.Json;
using Microsoft.Extensions.Localization;

namespace Relais.Access.Trail;

/// <summary>The detail of an audit line in the reader's words, as far as there are some: "Moyen : mot de passe et code".</summary>
internal static class DetailWords
{
    public static string Of(string detail, IStringLocalizer<AccessTexts> text)
    {
        using var json = JsonDocument.Parse(detail);
        return json.RootElement.ValueKind is JsonValueKind.Object
            ? string.Join(" · ", json.RootElement.EnumerateObject().Select(property => text["Detail.Pair", Name(property.Name, text), Value(property.Name, property.Value, text)].Value))
            : detail;
    }

    private static string Value(string name, JsonElement value, IStringLocalizer<AccessTexts> text) => value.ValueKind switch
    {
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(item => Value(name, item, text))),
        JsonValueKind.String => Word(name, value.GetString() ?? "", text),
        _ => value.GetRawText(),
    };

    private static string Name(string name, IStringLocalizer<AccessTexts> text) => Found(text[$"Detail.{name}"]) ?? name;

    private static string Word(string name, string value, IStringLocalizer<AccessTexts> text) => name switch
    {
        "method" => Found(text[$"Method.{value}"]) ?? value,
        "roles" or "required" => Found(text[$"Role.{value}"]) ?? value,
        "changed" => Found(text[$"Detail.{value}"]) ?? value,
        _ => value,
    };

    private static string? Found(LocalizedString words) => words.ResourceNotFound ? null : words.Value;
}
