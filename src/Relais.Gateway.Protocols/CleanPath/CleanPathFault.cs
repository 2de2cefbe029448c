namespace Relais.Gateway.Protocols.CleanPath;

/// <summary>What is wrong with bytes that are no RDCleanPath PDU.</summary>
public enum CleanPathFault
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>The first byte is not that of a DER SEQUENCE.</summary>
    NotASequence,

    /// <summary>The length is indefinite, not minimal or over four bytes, which DER forbids or nobody needs.</summary>
    BadLength,

    /// <summary>The PDU announces more bytes than the limit.</summary>
    TooLong,

    /// <summary>A field is unknown, repeated or out of order.</summary>
    UnexpectedField,

    /// <summary>A field's content is not what its tag promises, or is too long.</summary>
    BadField,

    /// <summary>Field [0] is absent.</summary>
    NoVersion,
}
