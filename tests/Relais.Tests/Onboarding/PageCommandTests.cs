using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Desktops;
using Relais.Tests.Desktops;

namespace Relais.Tests.Onboarding;

public sealed class PageCommandApp : RelaisApp
{
    public PageCommandApp() => Settings["Desktops:Bundles"] = Path.Combine(Repository(), "bundles");
}

/// <summary>What pages ask of the database does not grow with the institute: no page asks once for each person or desktop.</summary>
public sealed class PageCommandTests(PageCommandApp app) : IClassFixture<PageCommandApp>
{
    private const int Few = 20;
    private const int Many = 600;

    [Fact]
    public async Task No_page_of_the_navigation_asks_the_database_more_often_with_600_people_than_with_20()
    {
        using var commands = new CommandCount();
        var few = new PeopleList("f", Few, contractors: 2, DateOnly.FromDateTime(app.Clock.GetUtcNow().UtcDateTime));
        var administrator = await app.PrepareAsync(few);
        var supervisor = await app.SignInAsync(await app.AddPersonAsync(Roles.Supervisor, Roles.Researcher));
        await EnrolAsync(administrator, few, Few);
        var before = await CountAsync(commands, administrator, supervisor);

        // In the groups that there are: a page of groups shows more people and not more groups.
        var many = new PeopleList("m", Many - Few, contractors: 30, DateOnly.FromDateTime(app.Clock.GetUtcNow().UtcDateTime));
        await EnrolAsync(administrator, many.ToString().Replace("m équipe", "f équipe", StringComparison.Ordinal), Many);
        var after = await CountAsync(commands, administrator, supervisor);

        Assert.True(before.Count >= 20, $"only {before.Count} pages were found");
        Assert.All(before, page => Assert.True(after[page.Key] <= page.Value, $"{page.Key}: {page.Value} commands with {Few} people, {after[page.Key]} with {Many}"));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', after.OrderByDescending(p => p.Value).Select(p => $"{p.Value} {p.Key}")));
    }

    private async Task EnrolAsync(Browser administrator, object list, int desktops)
    {
        Assert.Equal(HttpStatusCode.OK, (await administrator.ImportAsync(list.ToString()!)).Status);
        await DesktopsApp.UntilAsync(async () =>
        {
            await using var scope = app.Services.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<DesktopsDb>().Desktops.CountAsync() == desktops;
        }, TimeSpan.FromSeconds(60));
    }

    // Each page twice: what is read once and kept is no page's doing.
    private static async Task<Dictionary<string, int>> CountAsync(CommandCount commands, params Browser[] readers)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var reader in readers)
        {
            var home = await reader.GetAsync("/");
            foreach (var path in home.Document.QuerySelectorAll("#navigation a[href^='/']").Select(a => a.GetAttribute("href")!).Append("/people/board?page=2").Append("/people?page=2").Distinct(StringComparer.Ordinal))
            {
                if (await commands.OfAsync(reader, path) is null || await commands.OfAsync(reader, path) is not { } count)
                    continue;
                counts[path] = Math.Max(count, counts.GetValueOrDefault(path));
            }
        }

        return counts;
    }

    /// <summary>Commands to PostgreSQL, by the trace of the request that they were for.</summary>
    private sealed class CommandCount : IDisposable
    {
        private readonly ConcurrentDictionary<ActivityTraceId, int> _counts = new();
        private readonly ActivityListener _listener;

        public CommandCount()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = static source => source.Name is "Npgsql" or "Microsoft.AspNetCore",
                Sample = static (ref _) => ActivitySamplingResult.AllData,
                ActivityStopped = activity =>
                {
                    if (activity.Source.Name == "Npgsql")
                        _counts.AddOrUpdate(activity.TraceId, 1, static (_, count) => count + 1);
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        /// <returns>Null when the address is no page of this reader.</returns>
        public async Task<int?> OfAsync(Browser reader, string path)
        {
            var trace = ActivityTraceId.CreateRandom();
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("traceparent", $"00-{trace.ToHexString()}-{ActivitySpanId.CreateRandom().ToHexString()}-01");
            using var answer = await reader.Client.SendAsync(request);
            await answer.Content.ReadAsByteArrayAsync();
            return answer.StatusCode is HttpStatusCode.OK ? _counts.GetValueOrDefault(trace) : null;
        }

        public void Dispose() => _listener.Dispose();
    }
}
