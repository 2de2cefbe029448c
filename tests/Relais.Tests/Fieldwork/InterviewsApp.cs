using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Forms.Sessions;
using Relais.Fieldwork.Interviews;
using Relais.Fieldwork.Studies;

namespace Relais.Tests.Fieldwork;

/// <summary>A server with waves that have a questionnaire.</summary>
public class InterviewsApp : FieldworkApp
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    internal async Task<TestWave> AddInterviewsAsync(int interviewers = 1, int cases = 5, string? questionnaire = null)
    {
        var wave = await AddWaveAsync(interviewers, sample: Sample(cases));
        await DoAsync<EditStudies, EditResult>(e => e.AddQuestionnaireAsync(wave.Study, "Radio", "radio.xlsx", [1], questionnaire ?? SampleForm.Json, Of(Supervisor), CancellationToken.None));
        return wave;
    }

    internal static async Task<T> ReadAsync<T>(HttpResponseMessage response)
    {
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        return await response.Content.ReadFromJsonAsync<T>(Web) ?? throw new InvalidOperationException("null");
    }

    internal static async Task RefusedAsync(HttpResponseMessage response, HttpStatusCode status, string name)
    {
        Assert.Equal((status, $"urn:relais:{name}"), (response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString()));
    }

    /// <summary>What is stored of an interview, a step a line.</summary>
    internal Task<List<string>> StoredAsync(Guid interview) => InFieldworkAsync(db => db.InterviewEvents.AsNoTracking().Where(e => e.InterviewId == interview)
        .OrderBy(e => e.Sequence).Select(e => $"{e.Sequence} {e.Path}={e.Value}").ToListAsync());
}

/// <summary>An interviewer's console, as the server sees it.</summary>
internal sealed class TestConsole(InterviewsApp app, Browser browser)
{
    public long Case { get; private set; }

    public long Fence { get; private set; }

    public BeginInterview.Response Begun { get; private set; } = null!;

    public static async Task<TestConsole> OpenAsync(InterviewsApp app, TestPerson person) => new(app, await app.SignInAsync(person));

    public async Task TakeAsync()
    {
        var next = await InterviewsApp.ReadAsync<JsonElement>(await browser.PostJsonAsync("/api/fieldwork/cases/next", new { Command = Guid.NewGuid() }));
        (Case, Fence) = (next.GetProperty("case").GetProperty("case").GetInt64(), next.GetProperty("case").GetProperty("fence").GetInt64());
    }

    public async Task BeginAsync()
    {
        await TakeAsync();
        Begun = await InterviewsApp.ReadAsync<BeginInterview.Response>(await browser.PostJsonAsync("/api/fieldwork/interviews", new { Case, Fence, OffsetMinutes = 60 }));
    }

    public Task<HttpResponseMessage> PostAsync(params IEnumerable<FormEvent> events) =>
        browser.PostJsonAsync($"/api/fieldwork/interviews/{Begun.Id}/answers", new { Fence, Events = events });

    public async Task<TakeAnswers.Response> SendAsync(params IEnumerable<FormEvent> events) => await InterviewsApp.ReadAsync<TakeAnswers.Response>(await PostAsync(events));

    public Task<HttpResponseMessage> EndAsync(long last, string outcome = "complete", Guid? command = null) =>
        browser.PostJsonAsync($"/api/fieldwork/interviews/{Begun.Id}/end", new { Command = command ?? Guid.NewGuid(), Fence, Last = last, Outcome = outcome });

    /// <summary>A whole interview, step by step.</summary>
    public static IReadOnlyList<FormEvent> Steps { get; } =
    [
        Step(1, "sexe", "F"), Step(2, "age", "34"), Step(3, "medias", "maison voiture"), Step(4, "station", "fip"), Step(5, "mots", "Très bien"),
        Step(6, "age", "35"), Step(7, "mots", "Très bien, merci"),
    ];

    public static FormEvent Step(long sequence, string name, string value) =>
        new(sequence, FormEventKind.Answer, $"/radio/{name}", value, SampleForm.French, new DateTimeOffset(2030, 1, 1, 18, 0, 0, TimeSpan.FromHours(1)).AddSeconds(sequence));

    public InterviewsApp App => app;
}
