namespace Relais.Audience.Inputs;

internal enum InputKind
{
    Respondents,
    Listening,
}

/// <summary>A file of a wave as it was imported. Never changed: the next import adds another, and a run names those that it read.</summary>
internal sealed class WaveInput
{
    public const int NameLength = 200;

    public required Guid Id { get; init; }

    public required Guid WaveId { get; init; }

    public required InputKind Kind { get; init; }

    public required string FileName { get; init; }

    /// <summary>Of the file as it was sent, in hexadecimal.</summary>
    public required string Sha256 { get; init; }

    public required long LengthBytes { get; init; }

    /// <summary>Rows without the header.</summary>
    public required long Rows { get; init; }

    public required DateTimeOffset ImportedAt { get; init; }

    public required string ImportedByName { get; init; }
}

/// <summary>A piece of a file's compressed bytes, so that neither writing nor reading holds the whole.</summary>
internal sealed class InputChunk
{
    public required Guid InputId { get; init; }

    public required int Number { get; init; }

    public required byte[] Bytes { get; init; }
}
