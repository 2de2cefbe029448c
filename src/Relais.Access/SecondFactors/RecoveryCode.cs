namespace Relais.Access.SecondFactors;

/// <summary>A code kept on paper, for when the phone is lost. The row is deleted when it is used.</summary>
internal sealed class RecoveryCode
{
    public Guid PersonId { get; init; }

    public required byte[] Hash { get; init; }
}
