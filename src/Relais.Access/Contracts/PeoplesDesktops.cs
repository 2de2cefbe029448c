using Microsoft.Extensions.DependencyInjection;
using Relais.Kernel.Events;

namespace Relais.Access.Contracts;

/// <summary>What a desktop may be made from.</summary>
/// <param name="Name">As files of people name it.</param>
/// <param name="Title">As the reader's language calls it.</param>
public sealed record DesktopChoice(string Name, string Title);

/// <summary>How far a person's desktop is.</summary>
public enum DesktopStage
{
    /// <summary>It has its place and is made when it is first opened.</summary>
    Allocated,

    /// <summary>It was made, and opens at once or after its start.</summary>
    Ready,

    /// <summary>It is on its person's screen.</summary>
    InUse,

    /// <summary>It cannot be made or started.</summary>
    Failed,
}

/// <summary>How a person's desktop is.</summary>
/// <param name="Fault">Why it failed, in the reader's language; null when nothing is wrong.</param>
public sealed record DesktopStanding(DesktopStage Stage, string? Fault);

/// <summary>The desktops of people, told to Access by the module that has them.</summary>
public interface IPeoplesDesktops
{
    IReadOnlyList<DesktopChoice> Choices();

    /// <summary>The desktops there are, by their person.</summary>
    Task<IReadOnlyDictionary<PersonId, DesktopStanding>> StandingAsync(CancellationToken cancel);
}

public static class PeoplesDesktopsRegistration
{
    public static IServiceCollection AddPeoplesDesktops<T>(this IServiceCollection services)
        where T : class, IPeoplesDesktops => services.AddScoped<IPeoplesDesktops, T>();
}

/// <summary>Somebody who was enrolled, and what their desktop is to be made from; null for the usual bundle.</summary>
public sealed record EnrolledPerson(Guid Person, string? Bundle);

/// <summary>People were added by an import, or what their desktops are to be made from changed.</summary>
public sealed record PeopleEnrolled(Guid Id, IReadOnlyList<EnrolledPerson> People) : IEvent
{
    public string Key => "people-enrolled";
}
