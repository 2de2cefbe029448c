using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Audience.Api;
using Relais.Audience.Exports;
using Relais.Audience.Figures;
using Relais.Audience.Indicators;
using Relais.Audience.Inputs;
using Relais.Audience.Interviews;
using Relais.Audience.Runs;
using Relais.Audience.Samples;
using Relais.Audience.Studies;
using Relais.Audience.Universes;
using Relais.Audience.Waves;
using Relais.Audience.Weighing;
using Relais.Fieldwork.Contracts;
using Relais.Kernel.Database;
using Relais.Kernel.Events;
using Relais.Kernel.Verbs;
using Relais.Portal.Navigation;

namespace Relais.Audience;

public static class AudienceModule
{
    private static readonly string[] Actions =
    [
        "study.created", "study.changed", "universe.added", "wave.created", "wave.file-imported", "wave.fieldwork-closed", "wave.fieldwork-reopened",
        "wave.proposed", "wave.sent-back", "wave.published", "wave.embargo-changed", "run.asked", "run.cancelled", "run.done", "run.failed", "run.removed",
    ];

    /// <summary>Verbs that read and write plain files, without a server.</summary>
    public static IReadOnlyList<Verb> FileVerbs { get; } = [WeighVerb.Verb, EstimateVerb.Verb, IndicatorsVerb.Verb];

    public static IServiceCollection AddAudience(this IServiceCollection services)
    {
        services.AddModuleDb<AudienceDb>(AudienceDb.Schema);
        services.AddScoped<VisibleWaves>().AddScoped<EditWaves>().AddScoped<EditStudies>().AddScoped<EditUniverses>().AddScoped<ImportFile>().AddScoped<TakeInterviews>().AddScoped<StartRun>().AddScoped<RemoveRun>().AddScoped<ReadFigures>();
        services.AddSingleton<KeptSamples>();
        services.AddHostedService<RunWorker>();
        services.AddConsumer<InterviewCompleted, OnInterviewCompleted>(OnInterviewCompleted.Name, (handler, told, cancel) => handler.HandleAsync(told, cancel));
        services.AddConsumer<InterviewRejected, OnInterviewRejected>(OnInterviewRejected.Name, (handler, told, cancel) => handler.HandleAsync(told, cancel));
        services.AddConsumer<InterviewErased, OnInterviewErased>(OnInterviewErased.Name, (handler, told, cancel) => handler.HandleAsync(told, cancel));
        services.AddSingleton(new InterviewKeeper("Audience", MissingInterviews.FindAsync));
        services.AddOptions<RunOptions>().BindConfiguration(RunOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RemoveOldRuns>().AddHostedService(static provider => provider.GetRequiredService<RemoveOldRuns>());
        services.AddNavigation(new NavigationItem("/audience", typeof(AudienceTexts), "Nav.Audience", "pulse", AccessPolicies.ReadFigures, 40));
        services.AddHomeCard<WavesCard>(30, AccessPolicies.ReadFigures);
        services.AddVerb(SeedAudience.Verb);
        services.AddAuditVocabulary<AudienceTexts>(Actions);
        return services;
    }

    public static void MapAudience(this WebApplication app)
    {
        AudienceApi.Map(app);
        ExportsApi.Map(app);
        MatricesApi.Map(app);
    }
}
