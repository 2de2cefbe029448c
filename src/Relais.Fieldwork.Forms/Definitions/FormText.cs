namespace Relais.Fieldwork.Forms.Definitions;

/// <summary>An XPath expression of the form, not yet compiled. Names written <c>${x}</c> are paths in it.</summary>
/// <param name="XPath">What is compiled and evaluated.</param>
/// <param name="Origin">The cell or line it was written in.</param>
/// <param name="Written">As its author wrote it, when that differs; for messages only.</param>
public sealed record FormExpression(string XPath, Origin Origin, string? Written = null);

/// <summary>A piece of a text: either words as they stand, or an expression whose value is inserted.</summary>
/// <param name="Literal">Words; null when this piece is an expression.</param>
/// <param name="Expression">XPath, evaluated with the item that carries the text as context node; null when this piece is words.</param>
public sealed record TextPart(string? Literal, string? Expression)
{
    /// <summary>Words as they stand.</summary>
    public static TextPart Words(string literal) => new(literal, null);

    /// <summary>The value of an expression.</summary>
    public static TextPart Value(string xpath) => new(null, xpath);
}

/// <summary>A text in one language.</summary>
/// <param name="Language">As the form names it, such as <c>Français (fr)</c>; one of <see cref="FormDefinition.Languages"/>.</param>
/// <param name="Parts">In the order in which they are shown; at least one.</param>
/// <param name="Origin">The cell or line it was written in.</param>
public sealed record Translation(string Language, IReadOnlyList<TextPart> Parts, Origin Origin);

/// <summary>A text in the languages that its author wrote.</summary>
/// <param name="Translations">In the order of <see cref="FormDefinition.Languages"/>; at least one, a language at most once.</param>
public sealed record FormText(IReadOnlyList<Translation> Translations)
{
    /// <summary>The text in a language, else in the default one, else in the first that there is.</summary>
    public IReadOnlyList<TextPart> In(string language, string defaultLanguage) =>
        (Find(language) ?? Find(defaultLanguage) ?? Translations[0]).Parts;

    /// <summary>The text in exactly this language; null when it was not translated.</summary>
    public Translation? Find(string language)
    {
        foreach (var translation in Translations)
        {
            if (string.Equals(translation.Language, language, StringComparison.Ordinal))
                return translation;
        }

        return null;
    }
}
