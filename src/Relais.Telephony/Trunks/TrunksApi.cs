using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Kernel;
using Relais.Kernel.Audit;
using Relais.Portal.Security;

namespace Relais.Telephony.Trunks;

/// <summary>What the page of trunks does, for programs: /api/telephony/trunks. A password goes in and never out.</summary>
internal static class TrunksApi
{
    /// <param name="NumberForm">"national", "plus" or "digits".</param>
    /// <param name="Password">Absent: the one that is kept stays.</param>
    /// <param name="Forbidden">Beginnings of numbers that are never called.</param>
    /// <param name="VerifiedCaller">The number that automated calls show.</param>
    public sealed record TrunkRequest(
        string? Name, string? Host, int? Port, string? Domain, bool? Registers, string? UserName, string? Password, string? Caller, string? CallerName, string? NumberForm,
        int? MostCalls, int? CallsPerSecond, int? Order, bool? Foreign, bool? Premium, IReadOnlyList<string>? Forbidden, bool? Enabled, string? VerifiedCaller = null)
    {
        /// <summary>"udp", "tcp" or "tls".</summary>
        public string? Transport { get; init; }

        /// <summary>TLS: the authorities that the operator's certificate must come from, in PEM; absent for those that everybody trusts.</summary>
        public string? Authority { get; init; }

        /// <summary>What people hear who call back, spoken in French; absent to refuse them.</summary>
        public string? CallBack { get; init; }
    }

    public sealed record TrunkAnswer(
        Guid Id, string Name, string Host, int Port, string? Domain, bool Registers, string? UserName, bool HasPassword, string Caller, string? CallerName, string NumberForm,
        int MostCalls, int CallsPerSecond, int Order, bool Foreign, bool Premium, IReadOnlyList<string> Forbidden, bool Enabled, string Reach, DateTimeOffset ReachSince,
        string Registration, int? RegistrationStatus, bool Usable, string? VerifiedCaller, string Transport, string? Authority, string? CallBack);

    public sealed record Added(Guid Id);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/telephony/trunks").WithTags("Telephony").RequireFormToken().RequireAuthorization(AccessPolicies.Administer);
        api.MapGet("", List).WithName("ListTrunks").WithSummary("Lines to operators, in the order in which they are tried");
        api.MapPost("", Add).WithName("AddTrunk").WithSummary("Add a line to an operator");
        api.MapPut("/{id:guid}", Change).WithName("ChangeTrunk").WithSummary("Change a line");
        api.MapDelete("/{id:guid}", Remove).WithName("RemoveTrunk").WithSummary("Remove a line");
    }

    internal static async Task<Ok<TrunkAnswer[]>> List(EditTrunks edit, CancellationToken cancel) => TypedResults.Ok((await edit.AllAsync(cancel)).Select(Answer).ToArray());

    internal static async Task<Results<Created<Added>, ProblemHttpResult>> Add(
        TrunkRequest request, HttpContext context, EditTrunks edit, IStringLocalizer<TelephonyTexts> text, CancellationToken cancel)
    {
        var result = await edit.AddAsync(Fields(request), Actor.Of(context), cancel);
        return result is TrunkResult.Saved saved ? TypedResults.Created($"/api/telephony/trunks/{saved.Id}", new Added(saved.Id)) : Refusal(result, text);
    }

    internal static Task<Results<NoContent, ProblemHttpResult>> Change(
        Guid id, TrunkRequest request, HttpContext context, EditTrunks edit, IStringLocalizer<TelephonyTexts> text, CancellationToken cancel) =>
        DoneAsync(edit.ChangeAsync(id, Fields(request), Actor.Of(context), cancel), text);

    internal static Task<Results<NoContent, ProblemHttpResult>> Remove(
        Guid id, HttpContext context, EditTrunks edit, IStringLocalizer<TelephonyTexts> text, CancellationToken cancel) =>
        DoneAsync(edit.RemoveAsync(id, Actor.Of(context), cancel), text);

    private static async Task<Results<NoContent, ProblemHttpResult>> DoneAsync(Task<TrunkResult> work, IStringLocalizer text) =>
        await work is TrunkResult result and not TrunkResult.Saved ? Refusal(result, text) : TypedResults.NoContent();

    private static ProblemHttpResult Refusal(TrunkResult result, IStringLocalizer text)
    {
        if (result is not TrunkResult.Refused refused)
            return Problems.Missing("trunk-missing");
        var problem = Problems.Invalid("fields");
        problem.ProblemDetails.Extensions["errors"] = refused.Faults.GroupBy(f => f.Field, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Select(f => text[$"Fault.{f.Code}"].Value).ToArray(), StringComparer.Ordinal);
        return problem;
    }

    private static TrunkFields Fields(TrunkRequest it) => TrunkFields.New with
    {
        Name = it.Name, Host = it.Host, Port = Text(it.Port) ?? TrunkFields.New.Port, Domain = it.Domain, Registers = it.Registers ?? false, UserName = it.UserName,
        Password = it.Password, Caller = it.Caller, CallerName = it.CallerName, NumberForm = it.NumberForm ?? TrunkFields.New.NumberForm,
        MostCalls = Text(it.MostCalls) ?? TrunkFields.New.MostCalls, CallsPerSecond = Text(it.CallsPerSecond) ?? TrunkFields.New.CallsPerSecond,
        Order = Text(it.Order) ?? TrunkFields.New.Order, Foreign = it.Foreign ?? false, Premium = it.Premium ?? false, Forbidden = string.Join(' ', it.Forbidden ?? []),
        Enabled = it.Enabled ?? true, VerifiedCaller = it.VerifiedCaller, Transport = it.Transport ?? TrunkFields.New.Transport, Authority = it.Authority,
        CallBack = it.CallBack,
    };

    private static TrunkAnswer Answer(Trunk it) => new(
        it.Id, it.Name, it.Host, it.Port, it.Domain, it.Registers, it.UserName, it.Secret is not null, it.Caller, it.CallerName, Word(it.NumberForm.ToString()), it.MostCalls,
        it.CallsPerSecond, it.Order, it.Foreign, it.Premium, [.. it.Forbidden.Select(f => "+" + f)], it.Enabled, Word(it.Reach.ToString()), it.ReachSince, Word(it.Registration.ToString()),
        it.RegistrationStatus, it.Usable, it.VerifiedCaller, Word(it.Transport.ToString()), it.Authority, it.CallBack);

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string Word(string name) => name.ToLowerInvariant();
}
