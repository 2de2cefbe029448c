using Relais.Telephony.Contracts;

namespace Relais.Telephony.Numbers;

/// <summary>How a trunk wants numbers.</summary>
internal enum NumberForm
{
    /// <summary>0123456789 within France, 0049… abroad.</summary>
    National,

    /// <summary>+33123456789.</summary>
    Plus,

    /// <summary>33123456789.</summary>
    Digits,
}

/// <summary>A telephone number in the international form of E.164, read the French way.</summary>
internal readonly record struct DialledNumber
{
    // E.164: 15 digits at most; shorter than 7 is a special number, which is no respondent's.
    private const int MostDigits = 15;
    private const int LeastDigits = 7;

    private static readonly string[] VerifiedRanges =
    [
        "33162", "33163", "33270", "33271", "33377", "33378", "33424", "33425", "33568", "33569", "33948", "33949",
        "339475", "339476", "339477", "339478", "339479",
    ];

    private DialledNumber(string digits) => Digits = digits;

    /// <summary>Country code and number, without a plus.</summary>
    public string Digits { get; }

    public bool French => Digits.StartsWith("33", StringComparison.Ordinal);

    /// <summary>Reads what people write: spaces, dots, dashes, slashes and brackets are left out. Null for what is no number.</summary>
    public static DialledNumber? TryParse(string? text)
    {
        var written = (text ?? "").Trim().Replace("(0)", "", StringComparison.Ordinal);
        var plus = written.StartsWith('+');
        if ((plus ? written[1..] : written).Any(c => !char.IsAsciiDigit(c) && c is not (' ' or '\u00A0' or '\u202F' or '.' or '-' or '/' or '(' or ')')))
            return null;
        var digits = new string([.. written.Where(char.IsAsciiDigit)]);
        var whole = plus ? digits : digits switch
        {
            ['0', '0', ..] => digits[2..],
            ['0', ..] => "33" + digits[1..],
            // Without any mark of where it belongs: a short or special number, or one that was cut.
            _ => "",
        };
        if (whole.Length is < LeastDigits or > MostDigits || whole[0] == '0')
            return null;
        // A French number has nine digits after the country code and no zero before them.
        return whole.StartsWith("33", StringComparison.Ordinal) && (whole.Length != 11 || whole[2] == '0') ? null : new DialledNumber(whole);
    }

    public string In(NumberForm form) => form switch
    {
        NumberForm.Plus => "+" + Digits,
        NumberForm.Digits => Digits,
        NumberForm.National => French ? "0" + Digits[2..] : "00" + Digits,
    };

    /// <summary>Of the ranges that automated systems must show in France: those of ARCEP's decision 2022-1583, metropolitan and overseas.</summary>
    public bool Verified
    {
        get
        {
            var digits = Digits;
            return Array.Exists(VerifiedRanges, range => digits.StartsWith(range, StringComparison.Ordinal));
        }
    }

    public override string ToString() => "+" + Digits;
}

/// <summary>What a trunk lets through: numbers that cost no more than a call, within the country, unless an administrator says otherwise.</summary>
/// <param name="Foreign">Whether other countries may be called.</param>
/// <param name="Premium">Whether numbers of value-added services may.</param>
/// <param name="Forbidden">Beginnings of numbers, country code first and without a plus, which are refused in any case.</param>
internal sealed record NumberRules(bool Foreign, bool Premium, IReadOnlyList<string> Forbidden)
{
    // Overseas: Réunion and Mayotte, Saint-Pierre, Guadeloupe, Guyane, Martinique, Nouvelle-Calédonie, Wallis, Polynésie.
    private static readonly string[] Overseas = ["262", "508", "590", "594", "596", "687", "681", "689"];

    // Satellite phones, international premium and shared-cost numbers, universal personal numbers: what frauds call.
    private static readonly string[] CostlyCountries = ["870", "878", "881", "882", "883", "888", "979", "808"];

    // The plan of ARCEP: 08 1 and 08 2 (shared cost, premium), 08 9 (premium); 080 is free of charge.
    private static readonly string[] FrenchPremium = ["3381", "3382", "3384", "3388", "3389"];

    public NumberRefusal? Check(DialledNumber number)
    {
        if (Forbidden.Any(prefix => Begins(number, prefix)))
            return NumberRefusal.Forbidden;
        if (!Premium && (FrenchPremium.Any(prefix => Begins(number, prefix)) || CostlyCountries.Any(prefix => Begins(number, prefix))))
            return NumberRefusal.Premium;
        return !Foreign && !number.French && !Overseas.Any(prefix => Begins(number, prefix)) ? NumberRefusal.Foreign : null;
    }

    private static bool Begins(DialledNumber number, string prefix) => number.Digits.StartsWith(prefix, StringComparison.Ordinal);
}
