using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Fieldwork.Studies;
using Relais.Kernel.Audit;
using Relais.Telephony;
using Relais.Telephony.Calls;
using Relais.Telephony.Lines;
using Relais.Telephony.Respondents;
using Relais.Telephony.Trunks;
using Relais.Tests.Fieldwork;

namespace Relais.Tests.Telephony;

/// <summary>A server with studies, and a line to made-up respondents who do what the end of their number says.</summary>
public class CaseCallApp : InterviewsApp
{
    private SimulatedRespondents? _respondents;
    private int _numbers;

    public CaseCallApp()
    {
        Settings["Telephony:Port"] = TestProgram.FreePort().ToString(CultureInfo.InvariantCulture);
        Settings["Telephony:Node"] = "test";
    }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _respondents = SimulatedRespondents.Start(RespondentTests.ByNumber, TimeProvider.System);
        await SetLineAsync(fields => fields);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_respondents is not null)
            await _respondents.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The one line, to the respondents.</summary>
    internal async Task SetLineAsync(Func<TrunkFields, TrunkFields> change)
    {
        await InTelephonyAsync(db => db.Trunks.ExecuteUpdateAsync(set => set.SetProperty(t => t.Enabled, false)));
        var fields = TrunkFields.New with
        {
            Name = $"Ligne {Interlocked.Increment(ref _numbers)}", Host = "127.0.0.1", Port = _respondents!.Local.Port.ToString(CultureInfo.InvariantCulture), Caller = "01 99 00 00 00",
            CallsPerSecond = "100",
        };
        var saved = Assert.IsType<TrunkResult.Saved>(await DoAsync<EditTrunks, TrunkResult>(edit => edit.AddAsync(change(fields), Actor.System, CancellationToken.None)));
        await TelephonyApp.UntilAsync(() => InTelephonyAsync(db => db.Trunks.AsNoTracking().SingleAsync(t => t.Id == saved.Id)), t => t.Reach is TrunkReach.Answers);
    }

    /// <summary>A wave of which each case has one number, with these ends; they are given in this order.</summary>
    internal async Task<TestWave> AddCasesAsync(params string[] ends)
    {
        var from = Interlocked.Add(ref _numbers, ends.Length) - ends.Length;
        var sample = "id,phone,priority\n" + string.Concat(ends.Select((end, i) => string.Create(CultureInfo.InvariantCulture, $"c{i},0199{from + i:0000}{end},{i}\n")));
        var wave = await AddWaveAsync(sample: sample);
        await DoAsync<EditStudies, EditResult>(e => e.AddQuestionnaireAsync(wave.Study, "Radio", "radio.xlsx", [1], SampleForm.Json, Of(Supervisor), CancellationToken.None));
        return wave;
    }

    internal Task<T> InTelephonyAsync<T>(Func<TelephonyDb, Task<T>> work) => DoAsync<TelephonyDb, T>(work);

    internal Task<Call> CallAsync(Guid id, Func<Call, bool> like) => TelephonyApp.UntilAsync(() => InTelephonyAsync(db => db.Calls.AsNoTracking().SingleAsync(c => c.Id == id)), like);

    internal TrunkLines Lines => Services.GetRequiredService<TrunkLines>();
}

/// <summary>An interviewer who has a case and calls it.</summary>
internal sealed class TestCaller(Browser browser)
{
    public Browser Browser => browser;

    public long Case { get; private set; }

    public long Fence { get; private set; }

    public static async Task<TestCaller> TakeAsync(CaseCallApp app, TestPerson person)
    {
        var caller = new TestCaller(await app.SignInAsync(person));
        await caller.TakeAsync();
        return caller;
    }

    public async Task TakeAsync()
    {
        using var response = await browser.PostJsonAsync("/api/fieldwork/cases/next", new { Command = Guid.NewGuid() });
        var held = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("case");
        (Case, Fence) = (held.GetProperty("case").GetInt64(), held.GetProperty("fence").GetInt64());
    }

    public Task<HttpResponseMessage> PostCallAsync(long? fence = null, int? number = null) => browser.PostJsonAsync($"/api/fieldwork/cases/{Case}/call", new { Fence = fence ?? Fence, Number = number });

    public async Task<Guid> CallAsync()
    {
        using var response = await PostCallAsync();
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("call").GetProperty("id").GetGuid();
    }

    public Task<JsonElement> LineAsync() => browser.Client.GetFromJsonAsync<JsonElement>($"/api/fieldwork/cases/{Case}/line");

    /// <summary>Waits until the call stands there.</summary>
    public async Task<JsonElement> LineAsync(string stage) =>
        (await TelephonyApp.UntilAsync(LineAsync, line => line.GetProperty("call") is { ValueKind: JsonValueKind.Object } call && call.GetProperty("stage").GetString() == stage)).GetProperty("call");

    public Task<HttpResponseMessage> CloseAsync(string outcome) =>
        browser.PostJsonAsync($"/api/fieldwork/cases/{Case}/close", new { Command = Guid.NewGuid(), Fence, Outcome = outcome });
}
