using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Relais.Fieldwork.Steering;

namespace Relais.Fieldwork.Webhooks;

/// <summary>How one try of a delivery ended.</summary>
/// <param name="Status">What the receiver answered; null: nothing.</param>
/// <param name="Error">In words, null when it was delivered.</param>
/// <param name="Rests">The receiver as a whole is not able to take anything now; otherwise it refused this one.</param>
/// <param name="RetryAfter">How long it asks to be left alone.</param>
internal sealed record SendResult(int? Status, string? Error, bool Rests, TimeSpan? RetryAfter, int Milliseconds)
{
    public bool Delivered => Error is null;

    /// <summary>The receiver says that it is there no more, for good.</summary>
    public bool Gone => Status == (int)HttpStatusCode.Gone;
}

/// <summary>Sends one event to one address: signed, bounded in time and size, once.</summary>
internal sealed class SendWebhook(WebhookConnections connections, IOptions<WebhookOptions> options, TimeProvider clock)
{
    private const int MostOfAnswer = 2048;
    private const int ShownOfAnswer = 150;

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task<SendResult> HandleAsync(string url, IReadOnlyList<byte[]> keys, string id, JsonObject body, CancellationToken stop)
    {
        var bytes = Encoding.UTF8.GetBytes(body.ToJsonString(Plain));
        var at = clock.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(CloudEvents.MediaType, "utf-8");
        request.Headers.UserAgent.ParseAdd("Relais-Webhook/1");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Of(keys, id, at, bytes));

        using var late = new CancellationTokenSource(options.Value.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        var began = Stopwatch.GetTimestamp();
        try
        {
            using var response = await connections.Invoker.SendAsync(request, either.Token);
            return await ReadAsync(response, began, either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Failed($"no answer within {options.Value.Timeout.TotalSeconds:0} s", began);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            return Failed((e.InnerException ?? e).Message, began);
        }
    }

    private async Task<SendResult> ReadAsync(HttpResponseMessage response, long began, CancellationToken cancel)
    {
        var status = (int)response.StatusCode;
        if (response.IsSuccessStatusCode)
            return new SendResult(status, null, false, null, Elapsed(began));
        var said = await BeginningAsync(response, cancel);
        // Not able now, or refused for who we are: nothing else will go through either. Any other refusal is of this event.
        var rests = status is 401 or 403 or 404 or 408 or 410 or 429 or >= 300 and < 400 or >= 500;
        return new SendResult(status, said.Length == 0 ? $"{status}" : $"{status}: {said}", rests, RetryAfter(response), Elapsed(began));
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter is not { } after ? null : after.Delta ?? after.Date - clock.GetUtcNow();

    // However much it answers, no more is read than is shown.
    private static async Task<string> BeginningAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        await using var answer = await response.Content.ReadAsStreamAsync(cancel);
        var buffer = new byte[MostOfAnswer];
        var length = await answer.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
        var text = new string([.. Encoding.UTF8.GetString(buffer, 0, length).Select(c => char.IsControl(c) ? ' ' : c)]).Trim();
        return text.Length > ShownOfAnswer ? text[..ShownOfAnswer] : text;
    }

    private static SendResult Failed(string why, long began) =>
        new(null, why.Length > WebhookDelivery.ErrorLength ? why[..WebhookDelivery.ErrorLength] : why, true, null, Elapsed(began));

    private static int Elapsed(long began) => (int)Math.Min(int.MaxValue, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
}
