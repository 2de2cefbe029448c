using System.Text.Json;
using System.Text.Json.Serialization;

namespace Relais.Gateway.Sessions;

/// <summary>What a session's page is told while it shows the target: docs/remote-screen.md.</summary>
/// <param name="Kind">What it is about, by the name that the page knows.</param>
internal sealed record Notice([property: JsonPropertyName("notice")] string Kind)
{
    /// <summary>"time" or "idle": which limit comes near.</summary>
    public string? Why { get; init; }

    /// <summary>How many seconds are left.</summary>
    public int? Seconds { get; init; }

    /// <summary>Who asks or watches, by the name that people know.</summary>
    public string? By { get; init; }

    /// <summary>What an answer must name.</summary>
    public Guid? Id { get; init; }

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static Notice Ends(string why, TimeSpan left) => new("ends") { Why = why, Seconds = (int)Math.Ceiling(left.TotalSeconds) };

    /// <summary>What was said about an end does not hold any more.</summary>
    public static Notice GoesOn { get; } = new("goes-on");

    /// <summary>What is shown from now on is recorded.</summary>
    public static Notice Recorded { get; } = new("recorded");

    /// <summary>It is not recorded any more.</summary>
    public static Notice NotRecorded { get; } = new("not-recorded");

    /// <summary>Somebody asks to see the session.</summary>
    public static Notice WatchAsked(Guid watch, string by) => new("watch-asked") { Id = watch, By = by };

    /// <summary>Somebody sees it.</summary>
    public static Notice Watched(Guid watch, string by) => new("watched") { Id = watch, By = by };

    /// <summary>Nobody asks or sees any more.</summary>
    public static Notice WatchOver { get; } = new("watch-over");

    /// <summary>Somebody who watches needs the whole picture, as it is from now on.</summary>
    public static Notice PictureWanted(Guid watch) => new("picture-wanted") { Id = watch };

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Json);
}
