using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Fieldwork.Api;
using Relais.Fieldwork.Board;
using Relais.Fieldwork.Calls;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Dialling;
using Relais.Fieldwork.Exports;
using Relais.Fieldwork.Forecasts;
using Relais.Fieldwork.Interviews;
using Relais.Fieldwork.Outcomes;
using Relais.Fieldwork.Privacy;
using Relais.Fieldwork.Productivity;
using Relais.Fieldwork.Quotas;
using Relais.Fieldwork.Reviews;
using Relais.Fieldwork.Samples;
using Relais.Fieldwork.Simulation;
using Relais.Fieldwork.Steering;
using Relais.Fieldwork.Studies;
using Relais.Fieldwork.Teams;
using Relais.Fieldwork.Training;
using Relais.Fieldwork.Verbs;
using Relais.Fieldwork.Verification;
using Relais.Fieldwork.Webhooks;
using Relais.Kernel.Database;
using Relais.Kernel.Verbs;
using Relais.Portal.Navigation;
using Relais.Portal.Security;
using Relais.Telephony.Contracts;

namespace Relais.Fieldwork;

public static class FieldworkModule
{
    private static readonly string[] Actions =
    [
        "fieldwork-study.created", "questionnaire.imported", "fieldwork-wave.created", "fieldwork-wave.rules-changed", "fieldwork-wave.running",
        "fieldwork-wave.paused", "fieldwork-wave.closed", "fieldwork-wave.day-changed", "fieldwork-wave.replicates-released", "sample.imported",
        "quota.created", "quota-cell.target-changed", "quota-cell.closed", "quota-cell.reopened", "team.created", "team.changed", "interviewer.changed", "shift.added",
        "interviews.exported",
        "calls.exported", "paradata.exported", "fieldwork-wave.changed", "fieldwork-wave.dialling-changed", "fieldwork-wave.questionnaire-changed", "quota.removed", "team.removed", "shift.removed", "number.allowed",
        "interview.accepted", "interview.rejected", "interview.restored", "quota-cell.day-changed",
        "sample.generated", "numbers.suppressed", "case.released", "case.reassigned", "notice.sent",
        "sample.pushed", "webhook.made", "webhook.removed", "webhook.enabled", "webhook.disabled", "webhook.tested", "webhook.resent", "webhook.secret",
        "dialler.paused", "dialler.resumed", "fieldwork-study.retention-changed", "fieldwork-wave.erased", "respondent.erasure-asked", "respondent.erased",
    ];

    /// <summary>Verbs that read and write plain files, without a server.</summary>
    public static IReadOnlyList<Verb> FileVerbs { get; } = [RatesVerb.Verb, InterviewersVerb.Verb, .. FormVerbs.All];

    public static IServiceCollection AddFieldwork(this IServiceCollection services)
    {
        services.AddModuleDb<FieldworkDb>(FieldworkDb.Schema);
        services.AddOptions<FieldworkOptions>().BindConfiguration(FieldworkOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddScoped<EditStudies>().AddScoped<EditQuotas>().AddScoped<EditTeams>().AddScoped<ImportSample>().AddScoped<GenerateNumbers>()
            .AddScoped<SuppressNumbers>().AddScoped<RadioStudy>().AddScoped<SteerCases>().AddScoped<InterviewTable>().AddScoped<ListeningTable>();
        services.AddScoped<EditWave>().AddScoped<EditShifts>().AddScoped<CallTable>().AddScoped<ParadataTable>();
        services.AddScoped<ReviewInterviews>().AddScoped<ReadReviews>().AddScoped<ReadInterview>().AddScoped<ReadProductivity>().AddScoped<WaveInterviewers>();
        services.AddSingleton<ReadForecast>().AddSingleton<CellWords>();
        services.AddSingleton<ReadBoard>();
        services.AddPeopleAtWork<PeopleAtConsole>();
        services.AddNavigation(new NavigationItem("/fieldwork", typeof(FieldworkTexts), "Nav.Fieldwork", "people", AccessPolicies.Supervise, 35));
        services.AddNavigation(new NavigationItem("/fieldwork/exports", typeof(FieldworkTexts), "Nav.Exports", "download", AccessPolicies.Research, 36));
        services.AddHostedService<CareForCases>();
        services.AddSingleton<DiallerSignals>().AddSingleton<ICallWatcher>(provider => provider.GetRequiredService<DiallerSignals>());
        services.AddScoped<DialWave>().AddScoped<PlaceDialled>().AddScoped<SteerDialler>().AddHostedService<RunDiallers>();
        services.AddKeyResources<SteeredStudies>().AddScoped<SteeredStudies>().AddScoped<EditWebhooks>().AddScoped<EraseRespondent>().AddScoped<MarkQuestions>();
        services.AddOptions<WebhookOptions>().BindConfiguration(WebhookOptions.Section).ValidateDataAnnotations()
            .Validate(static options => options.Networks() is not null, "Fieldwork:Webhooks:Allowed").ValidateOnStart();
        services.AddSingleton(WebhookNames.OfSystem).AddSingleton<WebhookConnections>().AddSingleton<SendWebhook>().AddSingleton<WebhookSecrets>().AddSingleton<NumberHashes>();
        services.AddHostedService<DeliverWebhooks>();
        services.AddHostedService<CareForErasures>();
        services.AddNavigation(new NavigationItem("/interview/", typeof(FieldworkTexts), "Nav.Console", "keyboard", AccessPolicies.Interview, 10));
        services.AddNavigation(new NavigationItem("/my-interviews", typeof(FieldworkTexts), "MyFigures", "pulse", AccessPolicies.Interview, 11));
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
        CaseLine.Map(interview);
        PlaceCaseCall.Map(interview);
        WaitForCall.Map(interview);
        MyInterview.Map(interview);
        BeginInterview.Map(interview);
        TakeAnswers.Map(interview);
        EndInterview.Map(interview);
        Questionnaires.Map(interview);
        ExportsApi.Map(app.MapGroup("/api/fieldwork").WithTags("Fieldwork").RequireAuthorization(AccessPolicies.Research));
        ExportsApi.MapCalls(app.MapGroup("/api/fieldwork").WithTags("Fieldwork").RequireAuthorization(AccessPolicies.ReadCalls));
        ConsolePage.Map(app);
        FindByNumber.Map(interview);
        SignOfConsole.Map(interview);
        TrainingForms.Map(interview);
        var steer = app.MapGroup("/api/fieldwork").WithTags("Fieldwork").RequireFormToken().RequireAuthorization(AccessPolicies.Supervise);
        FieldworkApi.Map(steer);
        ImportQuestionnaire.Map(steer);
        QuestionnaireFile.Map(steer);
        BoardFragment.Map(steer);
        DiallerApi.Map(steer);
        ReviewApi.Map(steer);
        ProductivityApi.Map(steer);
        WebhooksApi.Map(steer, steer, "");
        PrivacyApi.Map(steer);
        SteeringApi.Map(app);
    }
}
