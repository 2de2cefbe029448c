namespace Relais.Traffic.Measures.Records;

/// <summary>Why a beacon is not taken.</summary>
public enum BeaconFault
{
    None,

    /// <summary>There is nothing in it.</summary>
    Empty,

    /// <summary>Longer than <see cref="Beacon.MaxLength"/>.</summary>
    TooLong,

    /// <summary>No <c>e</c>, or one that is not known.</summary>
    NoKind,

    /// <summary>No <c>i</c>, or not 32 hexadecimal digits, or all zeros.</summary>
    NoId,

    /// <summary>A number that is none, or beyond its range.</summary>
    BadNumber,

    /// <summary>A text that is too long, not UTF-8, badly escaped, or has control characters.</summary>
    BadText,

    /// <summary>A field that this kind must have is missing: <c>p</c> of a page, <c>c</c> and <c>n</c> of a player.</summary>
    MissingField,

    /// <summary>It says that it happens more than a minute from now.</summary>
    FromFuture,
}
