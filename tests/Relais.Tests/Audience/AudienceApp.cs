using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Audience;
using Relais.Audience.Inputs;
using Relais.Audience.Runs;
using Relais.Audience.Samples;
using Relais.Audience.Studies;
using Relais.Audience.Universes;
using Relais.Audience.Waves;
using Relais.Kernel.Audit;
using Relais.Tests.Desktops;

namespace Relais.Tests.Audience;

/// <summary>A server with two researchers and a reader, and waves from generated interviews.</summary>
public sealed class AudienceApp : RelaisApp
{
    private const int Interviews = 1500;
    private int _waves;

    public TestPerson Researcher { get; private set; } = null!;

    public TestPerson Validator { get; private set; } = null!;

    public TestPerson Reader { get; private set; } = null!;

    internal Guid Universe { get; private set; }

    internal Guid Study { get; private set; }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Researcher = await this.AddPersonAsync(Roles.Researcher);
        Validator = await this.AddPersonAsync(Roles.Researcher);
        Reader = await this.AddPersonAsync(Roles.Reader);
        Universe = ((UniverseResult.Saved)await DoAsync<EditUniverses, UniverseResult>(edit => edit.AddAsync(
            FranceUniverse.Name, FranceUniverse.Source, FranceUniverse.Date, FranceUniverse.Margins, Of(Researcher), CancellationToken.None))).Id;
        Study = ((StudyResult.Saved)await DoAsync<EditStudies, StudyResult>(edit => edit.SaveAsync(null, SampleStudy.Name, SampleStudy.Settings, Of(Researcher), CancellationToken.None))).Id;
    }

    /// <summary>A wave in fieldwork; its files too when asked for.</summary>
    internal async Task<Guid> AddWaveAsync(string name, bool files = true, Guid? study = null, Guid? universe = null)
    {
        var at = _waves++;
        var from = new DateOnly(2020, 1, 1).AddDays(at * 30);
        var wave = (WaveResult.Saved)await DoAsync<EditWaves, WaveResult>(edit => edit.CreateAsync(
            new WaveFields(study ?? Study, name, from, from.AddDays(29), universe ?? Universe), Of(Researcher), CancellationToken.None));
        if (!files)
            return wave.Id;
        var (respondents, listening) = SampleDiaries.Make((ulong)(7 + at), at, Interviews);
        Assert.IsType<ImportResult.Kept>(await ImportAsync(wave.Id, InputKind.Respondents, respondents));
        Assert.IsType<ImportResult.Kept>(await ImportAsync(wave.Id, InputKind.Listening, listening));
        return wave.Id;
    }

    internal Task<ImportResult> ImportAsync(Guid wave, InputKind kind, byte[] file) => DoAsync<ImportFile, ImportResult>(import =>
        import.HandleAsync(wave, kind, "essai.csv", new FormFile(new MemoryStream(file), 0, file.Length, "File", "essai.csv").OpenReadStream, Of(Researcher), CancellationToken.None));

    internal Task<ImportResult> ImportAsync(Guid wave, InputKind kind, string file) => ImportAsync(wave, kind, Encoding.UTF8.GetBytes(file));

    /// <summary>Closes fieldwork and computes; the run when it is over.</summary>
    internal async Task<Run> ComputeAsync(Guid wave)
    {
        Assert.Equal(StepResult.Done, await DoAsync<EditWaves, StepResult>(edit => edit.CloseFieldworkAsync(wave, Of(Researcher), CancellationToken.None)));
        return await RunAsync(wave);
    }

    internal async Task<Run> RunAsync(Guid wave)
    {
        var started = (StartResult.Queued)await DoAsync<StartRun, StartResult>(start => start.HandleAsync(wave, new PersonId(Researcher.Id), Of(Researcher), CancellationToken.None));
        return await OverAsync(started.Run);
    }

    internal async Task<Run> OverAsync(Guid run)
    {
        await DesktopsApp.UntilAsync(async () => await InAudienceAsync(db => db.Runs.AnyAsync(r => r.Id == run && r.FinishedAt != null)));
        return await InAudienceAsync(db => db.Runs.AsNoTracking().SingleAsync(r => r.Id == run));
    }

    internal async Task<(Guid Wave, Run Run)> ProposeAsync(string name)
    {
        var wave = await AddWaveAsync(name);
        var run = await ComputeAsync(wave);
        Assert.True(run.State == RunState.Done, run.Faults);
        Assert.Equal(StepResult.Done, await DoAsync<EditWaves, StepResult>(edit => edit.ProposeAsync(wave, run.Id, new PersonId(Researcher.Id), Of(Researcher), CancellationToken.None)));
        return (wave, run);
    }

    internal async Task<(Guid Wave, Run Run)> PublishAsync(string name, DateTimeOffset? embargoUntil = null)
    {
        var (wave, run) = await ProposeAsync(name);
        Assert.Equal(StepResult.Done, await DoAsync<EditWaves, StepResult>(edit => edit.PublishAsync(wave, run.Id, embargoUntil, new PersonId(Validator.Id), Of(Validator), CancellationToken.None)));
        return (wave, run);
    }

    internal async Task<TResult> DoAsync<TService, TResult>(Func<TService, Task<TResult>> work)
        where TService : notnull
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<TService>());
    }

    internal Task<T> InAudienceAsync<T>(Func<AudienceDb, Task<T>> work) => DoAsync<AudienceDb, T>(work);

    internal static Actor Of(TestPerson person) => new($"person:{person.Id}", person.UserName, null);
}
