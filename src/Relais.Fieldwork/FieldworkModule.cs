using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Fieldwork.Api;
using Relais.Fieldwork.Board;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Exports;
using Relais.Fieldwork.Interviews;
using Relais.Fieldwork.Outcomes;
using Relais.Fieldwork.Quotas;
using Relais.Fieldwork.Samples;
using Relais.Fieldwork.Simulation;
using Relais.Fieldwork.Studies;
using Relais.Fieldwork.Teams;
using Relais.Fieldwork.Verification;
using Relais.Kernel.Database;
using Relais.Kernel.Verbs;
using Relais.Portal.Navigation;
using Relais.Portal.Security;

namespace Relais.Fieldwork;

public static class FieldworkModule
{
    private static readonly string[] Actions =
    [
        "fieldwork-study.created", "questionnaire.imported", "fieldwork-wave.created", "fieldwork-wave.rules-changed", "fieldwork-wave.running",
        "fieldwork-wave.paused", "fieldwork-wave.closed", "fieldwork-wave.day-changed", "fieldwork-wave.replicates-released", "sample.imported",
        "quota.created", "quota-cell.target-changed", "quota-cell.closed", "quota-cell.reopened", "team.created", "team.changed", "interviewer.changed", "shift.added",
        "interviews.exported",
        "sample.generated", "numbers.suppressed", "case.released", "case.reassigned", "notice.sent",
    ];

    /// <summary>Verbs that read and write plain files, without a server.</summary>
    public static IReadOnlyList<Verb> FileVerbs { get; } = [RatesVerb.Verb, InterviewersVerb.Verb];

    public static IServiceCollection AddFieldwork(this IServiceCollection services)
    {
        services.AddModuleDb<FieldworkDb>(FieldworkDb.Schema);
        services.AddOptions<FieldworkOptions>().BindConfiguration(FieldworkOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddScoped<EditStudies>().AddScoped<EditQuotas>().AddScoped<EditTeams>().AddScoped<ImportSample>().AddScoped<GenerateNumbers>()
            .AddScoped<SuppressNumbers>().AddScoped<RadioStudy>().AddScoped<SteerCases>().AddScoped<InterviewTable>().AddScoped<ListeningTable>();
        services.AddSingleton<ReadBoard>();
        services.AddNavigation(new NavigationItem("/fieldwork", typeof(FieldworkTexts), "Nav.Fieldwork", "people", AccessPolicies.Supervise, 35));
        services.AddHostedService<CareForCases>();
        services.AddNavigation(new NavigationItem("/interview/", typeof(FieldworkTexts), "Nav.Console", "keyboard", AccessPolicies.Interview, 10));
        services.AddVerb(SeedFieldwork.Verb).AddVerb(DemoInterviewersVerb.Verb).AddVerb(VerifyVerb.Verb);
        services.AddAuditVocabulary<FieldworkTexts>(Actions);
        return services;
    }

    public static void MapFieldwork(this WebApplication app)
    {
        var interview = app.MapGroup("/api/fieldwork").WithTags("Fieldwork").RequireFormToken().RequireAuthorization(AccessPolicies.Interview);
        TakeCase.Map(interview);
        KeepCase.Map(interview);
        ScreenCase.Map(interview);
        CloseCase.Map(interview);
        MyInterview.Map(interview);
        BeginInterview.Map(interview);
        TakeAnswers.Map(interview);
        EndInterview.Map(interview);
        Questionnaires.Map(interview);
        ExportsApi.Map(app.MapGroup("/api/fieldwork").WithTags("Fieldwork").RequireAuthorization(AccessPolicies.Research));
        ConsolePage.Map(app);
        FindByNumber.Map(interview);
        var steer = app.MapGroup("/api/fieldwork").WithTags("Fieldwork").RequireFormToken().RequireAuthorization(AccessPolicies.Supervise);
        FieldworkApi.Map(steer);
        ImportQuestionnaire.Map(steer);
        BoardFragment.Map(steer);
    }
}
