using System.Globalization;

namespace Relais.Audience.Numerics.Targets;

/// <summary>
/// What is known of each respondent under one name, as codes into a list of levels. It is of numbers when every level that is not missing is
/// written as one; a code with a leading zero, such as the department <c>01</c>, makes it text.
/// </summary>
/// <remarks>An empty level is a missing answer.</remarks>
public sealed class Variable
{
    private readonly int[] _codes;
    private readonly double[]? _numbers;

    /// <param name="name">As the column of the file is called.</param>
    /// <param name="levels">The distinct answers.</param>
    /// <param name="codes">For each respondent the place of the answer in <paramref name="levels"/>.</param>
    /// <exception cref="ArgumentException">A code has no level.</exception>
    public Variable(string name, IReadOnlyList<string> levels, ReadOnlySpan<int> codes)
    {
        (Name, Levels, _codes) = (name, levels, codes.ToArray());
        foreach (var code in codes)
        {
            if ((uint)code >= (uint)levels.Count)
                throw new ArgumentException($"Code {code} of '{name}' has no level.", nameof(codes));
        }

        var numbers = new double[levels.Count];
        var known = 0;
        for (var level = 0; level < numbers.Length; level++)
        {
            numbers[level] = double.NaN;
            if (levels[level].Length == 0)
                continue;
            if (!IsNumber(levels[level], out numbers[level]))
                return;
            known++;
        }

        if (known > 0)
            _numbers = numbers;
    }

    public string Name { get; }

    /// <summary>The distinct answers as written.</summary>
    public IReadOnlyList<string> Levels { get; }

    /// <summary>Whether it is of numbers, and may be compared by size.</summary>
    public bool IsNumeric => _numbers is not null;

    public int Respondents => _codes.Length;

    /// <summary>A respondent's answer as written; empty when it is missing.</summary>
    public string LevelOf(int respondent) => Levels[_codes[respondent]];

    /// <summary>The place of a respondent's answer in <see cref="Levels"/>.</summary>
    public int CodeOf(int respondent) => _codes[respondent];

    /// <summary>A variable from each respondent's answer as written.</summary>
    public static Variable FromTexts(string name, IEnumerable<string> answers)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var codes = new List<int>();
        foreach (var answer in answers)
        {
            if (!places.TryGetValue(answer, out var code))
                places[answer] = code = places.Count;
            codes.Add(code);
        }

        return new(name, [.. places.OrderBy(pair => pair.Value).Select(pair => pair.Key)], [.. codes]);
    }

    internal RespondentMask WhereText(Func<string, bool> holds) => WhereLevel(level => Levels[level].Length > 0 && holds(Levels[level]));

    internal RespondentMask WhereNumber(Func<double, bool> holds) =>
        WhereLevel(level => _numbers is not null && !double.IsNaN(_numbers[level]) && holds(_numbers[level]));

    internal RespondentMask WhereMissing() => WhereLevel(level => Levels[level].Length == 0);

    // Asked once a level, not once a respondent.
    private RespondentMask WhereLevel(Func<int, bool> holds)
    {
        var levels = new bool[Levels.Count];
        for (var level = 0; level < levels.Length; level++)
            levels[level] = holds(level);
        return RespondentMask.Where(_codes.Length, respondent => levels[_codes[respondent]]);
    }

    private static bool IsNumber(string text, out double number)
    {
        const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        var digits = text.AsSpan().TrimStart('-');
        var padded = digits.Length > 1 && digits[0] == '0' && char.IsAsciiDigit(digits[1]);
        number = double.NaN;
        return !padded && double.TryParse(text, Plain, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
    }
}
