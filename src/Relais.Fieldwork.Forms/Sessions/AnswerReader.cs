using System.Globalization;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Expressions;

namespace Relais.Fieldwork.Forms.Sessions;

/// <summary>An answer as it is stored, or why it cannot be.</summary>
internal readonly record struct ReadAnswer(string Value, ProblemKind? Problem, BilingualText? Why)
{
    public static ReadAnswer Of(string value) => new(value, null, null);

    public static ReadAnswer Refused(ProblemKind problem, string french, string english) => new("", problem, new BilingualText(french, english));
}

/// <summary>From what is typed to what is stored. Forgiving about how, strict about what.</summary>
internal static class AnswerReader
{
    /// <summary>Longest text stored, in characters.</summary>
    public const int Longest = 20_000;

    private static readonly char[] Blanks = [' ', '\t', '\n', '\r'];

    /// <param name="offset">From UTC, of times without one.</param>
    public static ReadAnswer Read(FormQuestion question, string typed, IReadOnlyList<Offer> offers, TimeSpan offset)
    {
        var text = typed.Trim();
        if (text.Length == 0)
            return ReadAnswer.Of("");
        if (text.Length > Longest)
            return ReadAnswer.Refused(ProblemKind.TooLong, $"La réponse dépasse {Longest} caractères.", $"The answer is longer than {Longest} characters.");
        return question.Type switch
        {
            QuestionType.WholeNumber => Whole(text),
            QuestionType.Number => Number(text),
            QuestionType.Range => InRange(question, Number(text)),
            QuestionType.Date => Date(text),
            QuestionType.Time => Time(text, offset),
            QuestionType.DateTime => DateAndTime(text, offset),
            QuestionType.SelectOne => One(text, offers),
            QuestionType.SelectMultiple => Several(text, offers),
            QuestionType.Rank => Ranked(text, offers),
            QuestionType.Acknowledge => text.Equals("OK", StringComparison.OrdinalIgnoreCase)
                ? ReadAnswer.Of("OK")
                : ReadAnswer.Refused(ProblemKind.Unreadable, "Répondez OK.", "Answer OK."),
            _ => ReadAnswer.Of(text),
        };
    }

    private static ReadAnswer Whole(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && Math.Abs((decimal)number) < 1_000_000_000_000_000
            ? ReadAnswer.Of(number.ToString(CultureInfo.InvariantCulture))
            : ReadAnswer.Refused(ProblemKind.Unreadable, $"« {text} » n'est pas un nombre entier.", $"\"{text}\" is not a whole number.");

    private static ReadAnswer Number(string text) => text.Count(c => c is ',' or '.') <= 1 && Numbers.Parse(text) is var number && double.IsFinite(number) && !text.Contains('-', StringComparison.Ordinal) | text[0] == '-'
        ? ReadAnswer.Of(Numbers.Format(number))
        : ReadAnswer.Refused(ProblemKind.Unreadable, $"« {text} » n'est pas un nombre.", $"\"{text}\" is not a number.");

    private static ReadAnswer InRange(FormQuestion question, ReadAnswer read)
    {
        if (read.Problem is not null)
            return read;
        var number = Numbers.Parse(read.Value);
        var (start, end, step) = (Parameter(question, "start", 0), Parameter(question, "end", 10), Parameter(question, "step", 1));
        if (number < Math.Min(start, end) || number > Math.Max(start, end))
            return ReadAnswer.Refused(ProblemKind.Unreadable, $"La réponse va de {Numbers.Format(start)} à {Numbers.Format(end)}.", $"The answer goes from {Numbers.Format(start)} to {Numbers.Format(end)}.");
        var steps = step == 0 ? 0 : (number - start) / step;
        return Math.Abs(steps - Math.Round(steps)) > 1e-9
            ? ReadAnswer.Refused(ProblemKind.Unreadable, $"La réponse avance par pas de {Numbers.Format(step)}.", $"The answer goes in steps of {Numbers.Format(step)}.")
            : read;
    }

    private static double Parameter(FormQuestion question, string name, double otherwise) =>
        question.Parameters.FirstOrDefault(parameter => parameter.Name == name) is { } given && Numbers.Parse(given.Value) is var number && !double.IsNaN(number) ? number : otherwise;

    // 2026-11-26, and as it is said in France: 26/11/2026.
    private static ReadAnswer Date(string text)
    {
        var parts = text.Split('/');
        var iso = parts.Length == 3 && parts[2].Length == 4 ? $"{parts[2]}-{parts[1]}-{parts[0]}" : text;
        return Dates.TryParse(iso, TimeSpan.Zero, out var date)
            ? ReadAnswer.Of(date.DateText)
            : ReadAnswer.Refused(ProblemKind.Unreadable, $"« {text} » n'est pas une date ; écrivez 26/11/2026.", $"\"{text}\" is not a date; write 2026-11-26.");
    }

    private static ReadAnswer Time(string text, TimeSpan offset)
    {
        var padded = text.Length > 1 && text[1] is ':' or 'h' ? $"0{text}" : text;
        return Dates.TryTime(padded.Length >= 5 && padded[2] == 'h' ? $"{padded[..2]}:{padded[3..]}" : padded, offset, out var time, out var given)
            ? ReadAnswer.Of(time.ToString(@"hh\:mm\:ss\.fff", CultureInfo.InvariantCulture) + Offset(given))
            : ReadAnswer.Refused(ProblemKind.Unreadable, $"« {text} » n'est pas une heure ; écrivez 17:30.", $"\"{text}\" is not a time; write 17:30.");
    }

    private static ReadAnswer DateAndTime(string text, TimeSpan offset) =>
        Dates.TryParse(text.Replace(' ', 'T'), offset, out var date) && date.HasTime
            ? ReadAnswer.Of(date.Local.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture) + Offset(date.Offset))
            : ReadAnswer.Refused(ProblemKind.Unreadable, $"« {text} » n'est pas une date avec une heure ; écrivez 2026-11-26T17:30.", $"\"{text}\" is not a date with a time; write 2026-11-26T17:30.");

    private static string Offset(TimeSpan offset) => (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString(@"hh\:mm", CultureInfo.InvariantCulture);

    private static ReadAnswer One(string text, IReadOnlyList<Offer> offers) => offers.Any(offer => offer.Name == text) ? ReadAnswer.Of(text) : NotOffered(text);

    // Stored in the order of the list, whatever the order of the keys.
    private static ReadAnswer Several(string text, IReadOnlyList<Offer> offers)
    {
        var chosen = text.Split(Blanks, StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        var known = offers.Where(offer => chosen.Contains(offer.Name)).ToList();
        if (known.Select(offer => offer.Name).Distinct(StringComparer.Ordinal).Count() < chosen.Count)
            return NotOffered(chosen.First(name => known.TrueForAll(offer => offer.Name != name)));
        return ReadAnswer.Of(string.Join(' ', InListOrder(known).Select(offer => offer.Name).Distinct(StringComparer.Ordinal)));
    }

    // The list's own order: rotation must not show in the data.
    private static IEnumerable<Offer> InListOrder(List<Offer> offers) => offers.OrderBy(offer => offer.Node?.Position() ?? 0);

    private static ReadAnswer Ranked(string text, IReadOnlyList<Offer> offers)
    {
        var ranked = text.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
        if (Array.Find(ranked, name => offers.All(offer => offer.Name != name)) is { } stranger)
            return NotOffered(stranger);
        return ranked.Distinct(StringComparer.Ordinal).Count() == ranked.Length && ranked.Length == offers.Count
            ? ReadAnswer.Of(string.Join(' ', ranked))
            : ReadAnswer.Refused(ProblemKind.Unreadable, "Classez chaque réponse une fois.", "Put each answer in order, once.");
    }

    private static ReadAnswer NotOffered(string name) =>
        ReadAnswer.Refused(ProblemKind.NotAChoice, $"« {name} » n'est pas parmi les réponses proposées.", $"\"{name}\" is not among the answers offered.");
}
