using Microsoft.Extensions.DependencyInjection;

namespace Relais.Access.Contracts;

/// <summary>The actions that a module writes to the audit trail, and where their words are: "Action.person.created" in its texts.</summary>
public sealed record AuditVocabulary(Type Texts, IReadOnlyList<string> Actions);

/// <summary>How a module's actions get readable on the audit page.</summary>
public static class AuditVocabularyRegistration
{
    public static IServiceCollection AddAuditVocabulary<TTexts>(this IServiceCollection services, params string[] actions) =>
        services.AddSingleton(new AuditVocabulary(typeof(TTexts), actions));
}
