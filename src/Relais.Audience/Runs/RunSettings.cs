using System.Security.Cryptography;
using System.Text;
using Relais.Audience.Studies;
using Relais.Audience.Universes;

namespace Relais.Audience.Runs;

/// <summary>Everything besides the two files that a run's result hangs on.</summary>
internal sealed record RunSettings(StudySettings Study, int StudyVersion, UsedUniverse Universe)
{
    public static RunSettings Parse(string json) => AudienceJson.Read<RunSettings>(json);

    public string ToJson() => AudienceJson.Write(this);

    public static string Hash(string json) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)));
}

internal sealed record UsedUniverse(string Name, int Version, string Source, DateOnly Date, IReadOnlyList<MarginTotal> Margins);
