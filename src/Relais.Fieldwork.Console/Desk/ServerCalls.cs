using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Relais.Fieldwork.Console.Desk;

/// <summary>What the desk asks of the server. A reply of status 0 is a dead network or server.</summary>
[SupportedOSPlatform("browser")]
internal static class ServerCalls
{
    private const string Api = "/api/fieldwork";

    public static Task<Reply> MineAsync(int offset) => SendAsync("GET", FormattableString.Invariant($"{Api}/interviews/mine?offsetMinutes={offset}"), null);

    public static Task<Reply> SignAsync(SignRequest request) => PostAsync($"{Api}/console/sign", request, WireJson.Default.SignRequest);

    public static Task<Reply> TrainingsAsync() => SendAsync("GET", $"{Api}/training", null);

    public static Task<Reply> NextAsync(Guid command) => PostAsync($"{Api}/cases/next", new NextRequest(command), WireJson.Default.NextRequest);

    /// <summary>Answered when something happens, after two seconds at most.</summary>
    public static Task<Reply> WaitAsync() => SendAsync("POST", $"{Api}/dialler/wait", "{}");

    public static Task<Reply> LeaveAsync() => SendAsync("POST", $"{Api}/dialler/leave", "{}");

    public static Task<Reply> KeepCaseAsync(HeldCase held) => PostAsync(FormattableString.Invariant($"{Api}/cases/{held.Case}/keep"), new FenceRequest(held.Fence), WireJson.Default.FenceRequest);

    public static Task<Reply> CloseCaseAsync(long id, CloseRequest request) => PostAsync(FormattableString.Invariant($"{Api}/cases/{id}/close"), request, WireJson.Default.CloseRequest);

    public static Task<Reply> LineAsync(long id) => SendAsync("GET", FormattableString.Invariant($"{Api}/cases/{id}/line"), null);

    public static Task<Reply> PlaceAsync(long id, PlaceRequest request) => PostAsync(FormattableString.Invariant($"{Api}/cases/{id}/call"), request, WireJson.Default.PlaceRequest);

    public static Task<Reply> HangUpAsync(long id) => SendAsync("POST", FormattableString.Invariant($"{Api}/cases/{id}/hang-up"), "{}");

    public static Task<Reply> BeginAsync(BeginRequest request) => PostAsync($"{Api}/interviews", request, WireJson.Default.BeginRequest);

    public static Task<Reply> EndAsync(Guid interview, EndRequest request) => PostAsync($"{Api}/interviews/{interview}/end", request, WireJson.Default.EndRequest);

    public static Task<Reply> FormAsync(Guid questionnaire) => SendAsync("GET", $"{Api}/questionnaires/{questionnaire}/form", null);

    /// <summary>The body of a reply that went well; null of any other.</summary>
    public static T? Read<T>(this Reply reply, JsonTypeInfo<T> type)
        where T : class => reply.Status == 200 ? JsonSerializer.Deserialize(reply.Body, type) : null;

    /// <summary>Why the server refused; without a name when it did not say.</summary>
    public static Refusal Why(this Reply reply)
    {
        try
        {
            return JsonSerializer.Deserialize(reply.Body, WireJson.Default.Refusal) ?? new Refusal(null, null);
        }
        catch (JsonException)
        {
            return new Refusal(null, null);
        }
    }

    private static Task<Reply> PostAsync<T>(string address, T body, JsonTypeInfo<T> type) => SendAsync("POST", address, JsonSerializer.Serialize(body, type));

    private static async Task<Reply> SendAsync(string method, string address, string? body) =>
        JsonSerializer.Deserialize(await Bridge.CallAsync(method, address, body), WireJson.Default.Reply) ?? new Reply(0, "");
}
