using Microsoft.Extensions.DependencyInjection;

namespace Relais.Access.Contracts;

/// <summary>Who is at work now, told to Access by each module in which people work: at a desktop or an office machine, in an internal app, at the telephone.</summary>
public interface IPeopleAtWork
{
    /// <summary>The people at work there at this moment. Somebody may be told by several modules.</summary>
    Task<IReadOnlyCollection<PersonId>> NowAsync(CancellationToken cancel);
}

public static class PeopleAtWorkRegistration
{
    public static IServiceCollection AddPeopleAtWork<T>(this IServiceCollection services)
        where T : class, IPeopleAtWork => services.AddScoped<IPeopleAtWork, T>();
}
