using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Relais.Fieldwork.Console.Questions;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Sessions;

namespace Relais.Fieldwork.Console.Desk;

/// <summary>The interview under way: the walk through its questionnaire, and its copy on this computer's disk, which is always written first.</summary>
[SupportedOSPlatform("browser")]
internal sealed class RunningInterview
{
    // Interviews in a row are mostly of one questionnaire, and a version of it never changes.
    private static (Guid Questionnaire, FormProgram Program, bool IsKept)? _latest;

    private readonly string _person;
    private long _kept;

    private RunningInterview(Guid id, string person, long fence, KeptState state, FormSession session, long kept) =>
        (Id, _person, Fence, State, Session, _kept) = (id, person, fence, state, session, kept);

    /// <summary>Made up: it lives in memory alone.</summary>
    private bool _exercise;

    public Guid Id { get; }

    public long Fence { get; }

    public KeptState State { get; private set; }

    public FormSession Session { get; }

    /// <summary>All up to this step is on the server.</summary>
    public long Acknowledged { get; set; }

    public long Last => Session.Events.Count;

    public long Unsent => _exercise ? 0 : Math.Max(0, Last - Acknowledged);

    /// <summary>From the server: begun just now, or taken up from another computer.</summary>
    public static RunningInterview From(Begun begun, HeldCase held, string person, FormProgram program)
    {
        var session = FormSession.Restore(program, begun.Start, begun.Events, out _);
        var state = new KeptState(begun.Questionnaire, begun.Start, held.WaveName, held.Key, held.Zone, held.Case, null);
        return new RunningInterview(begun.Id, person, begun.Fence, state, session, begun.Events.Count) { Acknowledged = begun.Events.Count };
    }

    /// <summary>Of a training: nothing of it is written or sent.</summary>
    public static RunningInterview Exercise(Begun begun, HeldCase held, FormProgram program)
    {
        var exercise = From(begun, held, "", program);
        exercise._exercise = true;
        return exercise;
    }

    /// <summary>From this computer's disk: after a reload, with or without a network.</summary>
    public static async Task<RunningInterview?> FindAsync(string person)
    {
        if (JsonSerializer.Deserialize(await Bridge.FindAsync(person), WireJson.Default.KeptInterview) is not { } kept
            || JsonSerializer.Deserialize(kept.State, WireJson.Default.KeptState) is not { } state
            || await ProgramAsync(state.Questionnaire) is not { } program)
            return null;
        var events = JsonSerializer.Deserialize(await Bridge.EventsAsync(kept.Id.ToString()), WireJson.Default.ListFormEvent) ?? [];
        var session = FormSession.Restore(program, state.Start, events, out _);
        return new RunningInterview(kept.Id, person, kept.Fence, state, session, events.Count) { Acknowledged = kept.Acknowledged };
    }

    /// <summary>The questionnaire, from this computer or else from the server; null when neither has it now.</summary>
    /// <param name="keep">Whether this computer keeps it, for a reload without a network.</param>
    public static async Task<FormProgram?> ProgramAsync(Guid questionnaire, bool keep = true)
    {
        if (_latest is { } known && known.Questionnaire == questionnaire && (known.IsKept || !keep))
            return known.Program;
        var form = await Bridge.FormAsync(questionnaire.ToString());
        var kept = form.Length > 0;
        if (!kept)
        {
            var reply = await ServerCalls.FormAsync(questionnaire);
            if (reply.Status != 200)
                return null;
            (form, kept) = (reply.Body, keep);
            if (keep)
                await Bridge.KeepFormAsync(questionnaire.ToString(), form);
        }

        var program = FormProgram.Compile(FormJson.Read(Encoding.UTF8.GetBytes(form)));
        DayEntry.Prepare(program.Form);
        _latest = (questionnaire, program, kept);
        return program;
    }

    /// <summary>Writes what was done since the last time to the disk; the delivery goes on from there.</summary>
    public async Task KeepAsync()
    {
        if (_exercise)
            return;
        var (from, until) = (_kept, Last);
        var fresh = Session.Events.Take((int)until).Skip((int)from).ToList();
        var kept = new KeptInterview(Id, _person, Fence, Acknowledged, JsonSerializer.Serialize(State, WireJson.Default.KeptState));
        await Bridge.KeepAsync(JsonSerializer.Serialize(kept, WireJson.Default.KeptInterview), JsonSerializer.Serialize(fresh, WireJson.Default.ListFormEvent));
        // Two writes may overlap: a step that is written twice is the same step.
        _kept = Math.Max(_kept, until);
    }

    /// <summary>The first copy, with the steps that came from the server.</summary>
    public Task KeepAllAsync()
    {
        _kept = 0;
        return KeepAsync();
    }

    /// <summary>How the interview ends is decided, and survives a reload: the same command goes out until it is answered.</summary>
    public Task EndAsync(EndRequest? ending)
    {
        State = State with { Ending = ending };
        return KeepAsync();
    }

    public Task ForgetAsync() => Bridge.ForgetAsync(Id.ToString());
}
