using System.Globalization;

namespace Relais.Fieldwork.Forms.Import.Workbooks;

/// <summary>Numbers of cells as their author sees them.</summary>
internal static class NumberText
{
    /// <summary>A number: whole ones without decimals, others with as few digits as give it back.</summary>
    public static string Plain(double number) =>
        number == Math.Floor(number) && Math.Abs(number) < 1e15
            ? number.ToString("F0", CultureInfo.InvariantCulture)
            : number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A serial number of days as a date and time, below one as a time; a plain number when it is no date of Excel's.</summary>
    public static string Moment(double serial, bool from1904)
    {
        if (serial is < 0 or >= 2958466)
            return Plain(serial);
        if (serial < 1)
            return Rounded(DateTime.UnixEpoch, serial).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

        // Excel believes in 29 February 1900: from 1 March on, days count from 30 December 1899.
        var start = from1904 ? new DateTime(1904, 1, 1, 0, 0, 0, DateTimeKind.Unspecified) : new DateTime(1899, 12, serial < 61 ? 31 : 30, 0, 0, 0, DateTimeKind.Unspecified);
        return Rounded(start, serial).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }

    /// <summary>Whether a number format of Excel's own, by its number, shows a date or time (ECMA-376 part 1, 18.8.30).</summary>
    public static bool IsBuiltInDate(int format) => format is (>= 14 and <= 22) or (>= 27 and <= 36) or (>= 45 and <= 47) or (>= 50 and <= 58);

    /// <summary>Whether a format's code shows a date or time: a letter of one outside quotation marks, brackets and escapes.</summary>
    public static bool IsDateCode(string code)
    {
        for (var at = 0; at < code.Length; at++)
        {
            switch (code[at])
            {
                case '"':
                    at = code.IndexOf('"', at + 1);
                    break;
                case '[' when at + 1 < code.Length && code[at + 1] is not ('h' or 'm' or 's' or 'H' or 'M' or 'S'):
                    at = code.IndexOf(']', at + 1);
                    break;
                case '\\' or '_' or '*':
                    at++;
                    break;
                case 'y' or 'm' or 'd' or 'h' or 's' or 'Y' or 'M' or 'D' or 'H' or 'S':
                    return true;
                default:
                    break;
            }

            if (at < 0)
                return false;
        }

        return false;
    }

    // A tenth of a second is far more than a cell's rounding and far less than anybody types.
    private static DateTime Rounded(DateTime start, double days) => start.AddSeconds(Math.Round(days * 86400));
}
