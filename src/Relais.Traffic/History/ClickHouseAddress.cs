using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace Relais.Traffic.History;

/// <summary>The connection string of ClickHouse, looked at before anybody connects: the driver takes what it does not know for nothing, and then goes to localhost.</summary>
internal sealed class ClickHouseAddress : IValidateOptions<TrafficOptions>
{
    private static readonly string[] Known = ["Host", "Port", "Protocol", "Path", "Database", "Username", "Password", "Timeout", "Compression"];

    public ValidateOptionsResult Validate(string? name, TrafficOptions options) =>
        Problem(options.ClickHouse) is { } problem ? ValidateOptionsResult.Fail($"{TrafficOptions.Section}:{nameof(TrafficOptions.ClickHouse)} {problem}") : ValidateOptionsResult.Success;

    /// <summary>What is wrong with it, as the rest of a sentence that begins with its name; null when nothing is. It never repeats a value: one of them is the password.</summary>
    public static string? Problem(string connection)
    {
        if (connection.Length == 0)
            return null;
        DbConnectionStringBuilder given;
        try
        {
            given = new DbConnectionStringBuilder { ConnectionString = connection };
        }
        catch (ArgumentException)
        {
            return "is no connection string: write Host=clickhouse.example;Port=8443;Protocol=https;Database=relais;Username=relais;Password=...";
        }

        if (given.Keys.Cast<string>().FirstOrDefault(k => !Known.Contains(k, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            return $"has {unknown}, which is not known; there are {string.Join(", ", Known)}.";
        if (Value("Host") is not { Length: > 0 } host || Uri.CheckHostName(host) == UriHostNameType.Unknown)
            return "names no Host, or one that is no host name.";
        if (Value("Port") is { } port && !(ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0))
            return "has a Port that is no port: its HTTP interface is at 8123, or 8443 with Protocol=https.";
        return Value("Protocol") is not (null or "http" or "https") ? "has a Protocol that is neither http nor https." : null;

        string? Value(string key) => given.TryGetValue(key, out var value) ? value as string : null;
    }
}
