using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Fieldwork;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Quotas;
using Relais.Fieldwork.Rules;
using Relais.Fieldwork.Samples;
using Relais.Fieldwork.Studies;
using Relais.Fieldwork.Teams;
using Relais.Kernel.Audit;

namespace Relais.Tests.Fieldwork;

/// <summary>A server with a supervisor, and waves with cases and interviewers that the tests make.</summary>
public class FieldworkApp : RelaisApp
{
    private static readonly DayOfWeek[] AllDays = Enum.GetValues<DayOfWeek>();
    private int _made;

    /// <summary>At any hour of any day, as often as one likes.</summary>
    internal static readonly CallRules Anytime = new()
    {
        Hours = [new CallHours(AllDays, TimeOnly.MinValue, TimeOnly.MaxValue)], Holidays = "", Slots = [], MostTries = 100, MostCallsIn30Days = 0,
        AppointmentsFrom = TimeOnly.MinValue, AppointmentsUntil = TimeOnly.MaxValue,
    };

    public TestPerson Supervisor { get; private set; } = null!;

    internal FieldworkOptions Options => Services.GetRequiredService<IOptions<FieldworkOptions>>().Value;

    // Tests look after cases themselves.
    protected override void Adjust(WebApplicationBuilder builder) =>
        builder.Services.Remove(builder.Services.Single(s => s.ImplementationType == typeof(CareForCases)));

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Supervisor = await this.AddPersonAsync(Roles.Supervisor);
    }

    /// <summary>A running wave of a study of its own, whose team has these interviewers.</summary>
    internal async Task<TestWave> AddWaveAsync(int interviewers = 1, CallRules? rules = null, string? sample = null, SampleSettings? settings = null, params string[] languages)
    {
        var name = $"Étude {Interlocked.Increment(ref _made)}";
        var study = ((EditResult.Saved)await DoAsync<EditStudies, EditResult>(e => e.AddAsync(name, Of(Supervisor), CancellationToken.None))).Id;
        var today = DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime);
        var wave = ((EditResult.SavedWave)await DoAsync<EditStudies, EditResult>(e => e.AddWaveAsync(
            study, new WaveFields("Vague 1", today.AddDays(-30), today.AddDays(60), Rules: rules ?? Anytime), Of(Supervisor), CancellationToken.None))).Id;
        Assert.IsType<EditResult.SavedWave>(await DoAsync<EditStudies, EditResult>(e => e.SetStateAsync(wave, WaveState.Running, Of(Supervisor), CancellationToken.None)));
        var team = ((EditResult.Saved)await DoAsync<EditTeams, EditResult>(e => e.SaveAsync(null, name, [study], Of(Supervisor), CancellationToken.None))).Id;
        var people = new List<TestPerson>();
        for (var i = 0; i < interviewers; i++)
        {
            people.Add(await this.AddPersonAsync(Roles.Interviewer));
            Assert.IsType<EditResult.Saved>(await DoAsync<EditTeams, EditResult>(e => e.SetInterviewerAsync(
                new PersonId(people[^1].Id), team, languages is [] ? ["fr"] : languages, [], true, Of(Supervisor), CancellationToken.None)));
        }

        var made = new TestWave(this, study, wave, team, people);
        if (sample is not null)
            await made.ImportAsync(sample, settings);
        return made;
    }

    /// <summary>A sample of so many cases with numbers of their own.</summary>
    internal string Sample(int count, Func<int, string>? more = null, string columns = "")
    {
        var from = Interlocked.Add(ref _made, count) - count;
        var text = new StringBuilder($"id,phone{columns}\n");
        for (var i = 0; i < count; i++)
            text.Append(CultureInfo.InvariantCulture, $"c{i},01{(from + i):00000000}{more?.Invoke(i)}\n");
        return text.ToString();
    }

    internal async Task<TResult> DoAsync<TService, TResult>(Func<TService, Task<TResult>> work)
        where TService : notnull
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<TService>());
    }

    internal Task<T> InFieldworkAsync<T>(Func<FieldworkDb, Task<T>> work) => DoAsync<FieldworkDb, T>(work);

    /// <summary>One look of the background service.</summary>
    internal Task CareAsync()
    {
        var care = new CareForCases(Services.GetRequiredService<IServiceScopeFactory>(), Services.GetRequiredService<IOptions<FieldworkOptions>>(), Clock, NullLogger<CareForCases>.Instance);
        return care.LookAsync(CancellationToken.None);
    }

    internal static Actor Of(TestPerson person) => new($"person:{person.Id}", person.UserName, null);
}

/// <summary>A wave, and what its interviewers do.</summary>
internal sealed record TestWave(FieldworkApp App, Guid Study, int Wave, Guid Team, IReadOnlyList<TestPerson> People)
{
    public async Task<SampleResult.Kept> ImportAsync(string sample, SampleSettings? settings = null)
    {
        var result = await App.DoAsync<ImportSample, SampleResult>(import => import.HandleAsync(
            Wave, "échantillon.csv", () => new MemoryStream(Encoding.UTF8.GetBytes(sample)), settings ?? new SampleSettings(), FieldworkApp.Of(App.Supervisor), CancellationToken.None));
        return result is SampleResult.Kept kept ? kept : throw new InvalidOperationException(result is SampleResult.Refused refused ? string.Join("; ", refused.Faults.Take(5)) : "missing");
    }

    public Task<TakeCase.Response> TakeAsync(int person = 0, Guid? command = null) => App.InFieldworkAsync(db =>
        TakeCase.HandleAsync(command ?? Guid.NewGuid(), People[person].Id, db, App.Options, App.Clock, CancellationToken.None));

    /// <summary>A case, which there must be.</summary>
    public async Task<TakeCase.Held> MustTakeAsync(int person = 0) =>
        await TakeAsync(person) is { Case: { } held } ? held : throw new InvalidOperationException("No case.");

    public Task<CloseCase.Response> CloseAsync(TakeCase.Held held, string outcome, int person = 0, CloseCase.Wish? appointment = null, Guid? command = null) => App.InFieldworkAsync(db =>
        CloseCase.HandleAsync(held.Case, new CloseCase.Request(command ?? Guid.NewGuid(), held.Fence, outcome, Appointment: appointment), People[person].Id, db, App.Clock, CancellationToken.None));

    public Task<ScreenCase.Response> ScreenAsync(TakeCase.Held held, int person = 0, Guid? command = null, params (string Name, string Value)[] values) => App.InFieldworkAsync(db =>
        ScreenCase.HandleAsync(held.Case, new ScreenCase.Request(command ?? Guid.NewGuid(), held.Fence, values.ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal)),
            People[person].Id, db, App.Options, App.Clock, CancellationToken.None));

    public Task<KeepCase.Response?> KeepAsync(TakeCase.Held held, int person = 0) => App.InFieldworkAsync(db =>
        KeepCase.HandleAsync(held.Case, new KeepCase.Request(held.Fence), People[person].Id, db, App.Options, App.Clock, CancellationToken.None));

    public Task<int> ReleaseLostAsync() => App.InFieldworkAsync(db => ReleaseLost.HandleAsync(db, App.Clock, CancellationToken.None));

    public async Task<Guid> AddQuotaAsync(bool hard, params (string Values, int Target)[] cells)
    {
        var fields = cells.Select(c => new CellFields(c.Values.Split('&').Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1], StringComparer.Ordinal), c.Target)).ToList();
        var result = await App.DoAsync<EditQuotas, EditResult>(e => e.AddAsync(Wave, $"q{Guid.NewGuid():N}", hard, fields, FieldworkApp.Of(App.Supervisor), CancellationToken.None));
        return ((EditResult.Saved)result).Id;
    }

    public Task<EditResult> CloseCellAsync(int cell, bool closed) =>
        App.DoAsync<EditQuotas, EditResult>(e => e.CloseAsync(cell, closed, FieldworkApp.Of(App.Supervisor), CancellationToken.None));
}
