namespace Relais.Access.SecondFactors;

/// <summary>People who have this role must give a second factor.</summary>
internal sealed class SecondFactorRule
{
    public required string Role { get; init; }
}
