using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Api;
using Relais.Access.Conditions;
using Relais.Access.Contracts;
using Relais.Access.Setup;
using Relais.Access.SignIns;
using Relais.Kernel.Audit;
using Relais.Kernel.Verbs;

namespace Relais.Access.Accounts;

/// <summary><c>relais people ...</c>: what the pages of people do, from the machine itself. Exit code 1 when something was refused, 2 when it was called wrongly.</summary>
internal static class PeopleVerbs
{
    private const string Known = "[--mail M] [--role R]... [--group G]... [--language fr|en] [--last-day 2027-03-31] [--site S] [--phone P] [--json]";
    private const string ListUsage = "relais people list [--q TEXT] [--role ROLE] [--group GROUP] [--state STATE] [--json]";
    private static readonly string[] Fields = ["--name", "--mail", "--role", "--group", "--language", "--last-day", "--site", "--phone"];
    private static readonly string[] Json = ["--json"];

    public static readonly IReadOnlyList<Verb> All =
    [
        new("people list", "people, with the filters of the page", ListAsync) { Usage = $"{ListUsage}\nstates: {string.Join(", ", PeopleQuery.States)}" },
        new("people add", "add a person, who gets a password to use once", (call, cancel) => SaveAsync(call, isNew: true, cancel))
        {
            Usage = $"relais people add USER --name NAME {Known}\nroles: {string.Join(", ", Roles.All)}",
        },
        new("people change", "change what is known of a person; what is not named stays", (call, cancel) => SaveAsync(call, isNew: false, cancel))
        {
            Usage = $"relais people change USER [--name NAME] {Known}\nroles: {string.Join(", ", Roles.All)}; an empty value takes it away: --group ''",
        },
        Of("people disable", "shut people out at once: USER... [--json]", (services, id, cancel) =>
            services.GetRequiredService<DisablePerson>().HandleAsync(id, Actor.System, cancel)),
        Of("people enable", "let people in again: USER... [--json]", (services, id, cancel) => services.GetRequiredService<DisablePerson>().UndoAsync(id, Actor.System, cancel)),
        Of("people sign-out", "end every sign-in of people: USER... [--json]", (services, id, cancel) =>
            services.GetRequiredService<RevokeSignIns>().AllAsync(id, except: null, Actor.System, cancel)),
        Of("people reset-second-factor", "let people set up a new second factor at their next sign-in: USER... [--json]", (services, id, cancel) =>
            services.GetRequiredService<ResetSecondFactor>().HandleAsync(id, Actor.System, cancel)),
        Of("people remove", "remove people with all that is known of them: USER... [--json]", (services, id, cancel) =>
            services.GetRequiredService<DeletePerson>().HandleAsync(id, Actor.System, cancel)),
    ];

    private static Task<int> ListAsync(VerbCall call, CancellationToken cancel)
    {
        if (VerbOptions.Read(call.Arguments, ["--q", "--role", "--group", "--state"], Json) is not { Words.Count: 0 } options
            || (options["--state"] is { } state && !PeopleQuery.States.Contains(state, StringComparer.Ordinal)))
        {
            return CreateAdministrator.UsageAsync(call, ListUsage);
        }

        return RuleVerbs.InAsync(call, async services =>
        {
            if (await GroupsAsync(services, options.All("--group"), cancel) is not { } groups)
                return await AccessAnswers.FailAsync(call, AccessAnswers.NoGroup);
            var list = services.GetRequiredService<ListPeople>();
            var people = new List<PersonRow>();
            for (var page = 1; ; page++)
            {
                var found = await list.HandleAsync(new PeopleQuery(options["--q"], options["--role"], groups.Count > 0 ? groups[0] : null, options["--state"], null, page), cancel);
                people.AddRange(found.People);
                if (found.People.Count < PeopleQuery.PageLength)
                    break;
            }

            if (options.Has("--json"))
                return await AccessAnswers.WriteAsync(call, people.Select(PeopleApi.Of));
            foreach (var p in people)
                await call.Out.WriteLineAsync($"{p.UserName,-24} {p.DisplayName,-32} {string.Join(' ', p.Roles)}{(p.Disabled ? " (disabled)" : p.Expired ? " (access ended)" : "")}");
            return 0;
        }, cancel);
    }

    private static Task<int> SaveAsync(VerbCall call, bool isNew, CancellationToken cancel)
    {
        if (VerbOptions.Read(call.Arguments, Fields, Json) is not { Words: [var user] } options || (isNew && !options.Has("--name")))
            return CreateAdministrator.UsageAsync(call, $"relais people {(isNew ? "add USER --name NAME" : "change USER [--name NAME]")} {Known}");
        return RuleVerbs.InAsync(call, async services =>
        {
            if (await GroupsAsync(services, options.All("--group"), cancel) is not { } groups)
                return await AccessAnswers.FailAsync(call, AccessAnswers.NoGroup);
            var person = await FindAsync(services, user, cancel);
            if (isNew)
            {
                var fields = Typed(options, new PersonFields(user, null, null, "fr", KeyboardLayouts.Default, null, [Roles.Staff], []), groups);
                return await SayAsync(call, services, user, await services.GetRequiredService<CreatePerson>().HandleAsync(fields, Actor.System, cancel), options.Has("--json"));
            }

            if (person is null)
                return await AccessAnswers.FailAsync(call, NoOne(user));
            var calendar = services.GetRequiredService<InstituteCalendar>();
            var known = new PersonFields(
                person.UserName, person.DisplayName, person.Email, person.Language, person.KeyboardLayout, InstituteCalendar.Write(calendar.LastDayBefore(person.ExpiresAt)),
                person.Roles, [.. person.Groups.Select(g => g.Id)]);
            return await SayAsync(
                call, services, user, await services.GetRequiredService<EditPerson>().HandleAsync(person.Id, Typed(options, known, groups), Actor.System, cancel), options.Has("--json"));
        }, cancel);
    }

    private static PersonFields Typed(VerbOptions options, PersonFields known, IReadOnlyList<Guid> groups) => known with
    {
        DisplayName = options["--name"] ?? known.DisplayName,
        Email = options["--mail"] ?? known.Email,
        Language = options["--language"] ?? known.Language,
        LastDay = options["--last-day"] ?? known.LastDay,
        Roles = options.All("--role") ?? known.Roles,
        Groups = options.Has("--group") ? groups : known.Groups,
        Site = options["--site"],
        Phone = options["--phone"],
    };

    private static Verb Of(string name, string summary, Func<IServiceProvider, Guid, CancellationToken, Task<Answer>> work) => new(name, summary, (call, cancel) =>
    {
        if (VerbOptions.Read(call.Arguments, [], Json) is not { Words.Count: > 0 } options)
            return CreateAdministrator.UsageAsync(call, $"relais {name} USER... [--json]");
        return RuleVerbs.InAsync(call, async services =>
        {
            var wrong = 0;
            foreach (var user in options.Words)
            {
                await using var scope = services.CreateAsyncScope();
                wrong |= await FindAsync(scope.ServiceProvider, user, cancel) is { } person
                    ? await SayAsync(call, services, user, await work(scope.ServiceProvider, person.Id, cancel), options.Has("--json"))
                    : await AccessAnswers.FailAsync(call, NoOne(user));
            }

            return wrong;
        }, cancel);
    });

    private static async Task<int> SayAsync(VerbCall call, IServiceProvider services, string user, Answer answer, bool json)
    {
        switch (answer)
        {
            case Answer.Done done when json:
                return await AccessAnswers.WriteAsync(call, new { id = done.Id, userName = user, done.OneTimePassword });
            case Answer.Done { OneTimePassword: { } password }:
                await call.Out.WriteLineAsync($"{user}: password {password} (asked to change at the first sign-in)");
                return 0;
            case Answer.Done:
                await call.Out.WriteLineAsync($"{user}: done");
                return 0;
            case Answer.Refused refused:
                return await AccessAnswers.RefusedAsync(call, services, user, refused);
            default:
                return await AccessAnswers.FailAsync(call, NoOne(user));
        }
    }

    private static Task<Person?> FindAsync(IServiceProvider services, string user, CancellationToken cancel)
    {
        var normalized = UniqueName.Normalize(user);
        return services.GetRequiredService<AccessDb>().People.AsNoTracking().Include(p => p.Groups).SingleOrDefaultAsync(p => p.NormalizedUserName == normalized, cancel);
    }

    // Null when one of them is unknown. An empty name names none.
    private static async Task<IReadOnlyList<Guid>?> GroupsAsync(IServiceProvider services, IReadOnlyList<string>? names, CancellationToken cancel)
    {
        var wanted = (names ?? []).Where(n => n.Length > 0).Select(UniqueName.Normalize).Distinct(StringComparer.Ordinal).ToList();
        var found = await services.GetRequiredService<AccessDb>().Groups.Where(g => wanted.Contains(g.NormalizedName)).Select(g => g.Id).ToListAsync(cancel);
        return found.Count == wanted.Count ? found : null;
    }

    private static string NoOne(string user) => string.Create(CultureInfo.InvariantCulture, $"there is nobody with the user name {user}");
}
