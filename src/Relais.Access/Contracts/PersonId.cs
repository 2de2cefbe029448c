namespace Relais.Access.Contracts;

/// <summary>A person who may sign in.</summary>
public readonly record struct PersonId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>One sign-in of a person on one browser or device, until it is revoked or expires.</summary>
public readonly record struct SignInId(Guid Value)
{
    public override string ToString() => Value.ToString();
}
