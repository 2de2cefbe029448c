using System.Text;

namespace Relais.Fieldwork.Console.Desk;

/// <summary>Numbers as people dial them.</summary>
internal static class PhoneWords
{
    /// <summary>Minutes and seconds: 0:07, 12:30.</summary>
    public static string Clock(int seconds) => FormattableString.Invariant($"{seconds / 60}:{seconds % 60:00}");

    /// <summary>A French number in pairs, 01 23 45 67 89; another with its country's code, in threes.</summary>
    public static string Spaced(string e164)
    {
        var french = e164.Length == 12 && e164.StartsWith("+33", StringComparison.Ordinal);
        var digits = french ? $"0{e164[3..]}" : e164;
        var spaced = new StringBuilder();
        for (var i = 0; i < digits.Length; i++)
        {
            if (i > 0 && i % (french ? 2 : 3) == 0)
                spaced.Append(' ');
            spaced.Append(digits[i]);
        }

        return spaced.ToString();
    }
}
