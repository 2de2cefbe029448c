using System.Text.Json;
using System.Text.Json.Serialization;
using Relais.Fieldwork.Forms.Sessions;

namespace Relais.Fieldwork.Console.Desk;

/// <summary>Who works here, as the page says.</summary>
public sealed record DeskSettings(string Person, string Name, string Language, int Offset);

/// <summary>What the server answered; status 0: nothing came.</summary>
public sealed record Reply(int Status, string Body);

/// <summary>How the delivery of answers stands.</summary>
public sealed record Delivery(string State, long Acknowledged, string Detail, bool QuotaFull);

public sealed record MyWork(bool HasCase, bool Interviewing, string? Study, int CompletedToday, int CallsToday);

/// <summary>What the interviewer does, and the messages they read since the last time.</summary>
public sealed record SignRequest(string Doing, IReadOnlyList<long> Read);

public sealed record DeskMessage(long Id, string Kind, string Text, string By, DateTimeOffset At);

public sealed record SignReply(IReadOnlyList<DeskMessage> Messages, DateTimeOffset? ShiftUntil);

/// <summary>Somebody made up to train with.</summary>
public sealed record TrainingRespondent(string Key, string Number, IReadOnlyDictionary<string, string> Fields);

public sealed record TrainingForm(Guid Questionnaire, string Wave, string Zone, IReadOnlyList<TrainingRespondent> Respondents);

public sealed record HeldNumber(int Position, string Number);

public sealed record HeldCase(
    long Case, long Fence, string WaveName, Guid? Questionnaire, string Key, string Language, string Zone, IReadOnlyList<HeldNumber> Numbers, int Tries, bool Screened, bool ByAppointment);

public sealed record NextRequest(Guid Command);

public sealed record NextCase(HeldCase? Case, string? Why, DateTimeOffset? Next);

/// <summary>What becomes of waiting for a call: "waiting", "case" (next gives it), "gone"; and why nobody is called just now.</summary>
public sealed record CallWait(string State, string Voice, string Wave, string Holding, bool Leaving, double Seconds);

public sealed record FenceRequest(long Fence);

public sealed record PlaceRequest(long Fence, int? Number);

/// <summary>A call as the server knows it: where it stands, since when, and what its end says of the case.</summary>
public sealed record CaseCall(Guid Id, long? Case, string Stage, double Seconds, string? Outcome, string? Proposed, bool ByCallee, bool Restarted);

/// <summary>Who dials ("manual", "preview", "closed"), whether the interviewer is heard ("impossible", "unplugged", "plugged"), and the call.</summary>
public sealed record CaseLine(string Mode, string Voice, CaseCall? Call);

public sealed record BeginRequest(long Case, long Fence, int OffsetMinutes, string? Language);

public sealed record Begun(Guid Id, long Fence, Guid Questionnaire, SessionStart Start, IReadOnlyList<FormEvent> Events);

/// <summary>When a respondent wants to be called, in their own zone.</summary>
public sealed record CallWish(DateTime LocalTime, bool Hard, bool ForMe);

public sealed record CloseRequest(Guid Command, long Fence, string Outcome, CallWish? Appointment, string? Comment);

public sealed record EndRequest(Guid Command, long Fence, long Last, string Outcome, CallWish? Appointment, string? Comment);

public sealed record Closed(string? Outcome, DateTimeOffset? NextCall);

public sealed record KeptInterview(Guid Id, string Person, long Fence, long Acknowledged, string State);

/// <summary>What the console finds again after a reload. The respondent's number is not part of it.</summary>
public sealed record KeptState(Guid Questionnaire, SessionStart Start, string WaveName, string Key, string Zone, long Case, EndRequest? Ending);

public sealed record Refusal(string? Type, string? Detail)
{
    /// <summary>The stable name, such as "case-lost".</summary>
    public string Name => Type is { } type && type.StartsWith("urn:relais:", StringComparison.Ordinal) ? type["urn:relais:".Length..] : "";
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(DeskSettings))]
[JsonSerializable(typeof(Reply))]
[JsonSerializable(typeof(Delivery))]
[JsonSerializable(typeof(MyWork))]
[JsonSerializable(typeof(SignRequest))]
[JsonSerializable(typeof(SignReply))]
[JsonSerializable(typeof(List<TrainingForm>))]
[JsonSerializable(typeof(NextRequest))]
[JsonSerializable(typeof(NextCase))]
[JsonSerializable(typeof(FenceRequest))]
[JsonSerializable(typeof(CallWait))]
[JsonSerializable(typeof(PlaceRequest))]
[JsonSerializable(typeof(CaseLine))]
[JsonSerializable(typeof(BeginRequest))]
[JsonSerializable(typeof(Begun))]
[JsonSerializable(typeof(CloseRequest))]
[JsonSerializable(typeof(EndRequest))]
[JsonSerializable(typeof(Closed))]
[JsonSerializable(typeof(KeptInterview))]
[JsonSerializable(typeof(KeptState))]
[JsonSerializable(typeof(Refusal))]
[JsonSerializable(typeof(List<FormEvent>))]
internal sealed partial class WireJson : JsonSerializerContext;
