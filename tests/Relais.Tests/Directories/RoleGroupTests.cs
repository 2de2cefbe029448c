using Relais.Access.Contracts;
using Relais.Access.Directories;

namespace Relais.Tests.Directories;

public sealed class RoleGroupTests
{
    [Fact]
    public void A_role_that_is_named_follows_the_directory_and_the_others_stay()
    {
        var roles = Of(["Chefs", "Admins"], [], "supervisor=chefs", "administrator=Admins");
        Assert.Equal([Roles.Researcher, Roles.Supervisor], roles.RolesOf(In("CHEFS"), [Roles.Researcher, Roles.Administrator], Roles.Staff));
        Assert.Equal([Roles.Researcher], roles.RolesOf(In("autre"), [Roles.Researcher, Roles.Supervisor], Roles.Staff));
        Assert.Equal([Roles.Contractor], roles.RolesOf(In(), [Roles.Supervisor], Roles.Contractor));
    }

    [Fact]
    public void A_group_that_is_not_there_or_whose_name_is_not_its_own_gives_and_takes_nothing()
    {
        var roles = Of(["Chefs", "Deux"], ["DEUX"], "supervisor=Chefs", "supervisor=Parti", "administrator=Deux");
        Assert.False(roles.Any);
        Assert.Equal([("supervisor", "Parti", "directory-role-group"), ("administrator", "Deux", "directory-role-group-twice")], roles.Faults);
        Assert.Equal([Roles.Supervisor], roles.RolesOf(In("Deux"), [Roles.Supervisor], Roles.Staff));
    }

    [Fact]
    public void What_is_typed_is_what_is_shown_again()
    {
        var kept = RoleGroups.Parse(new Dictionary<string, string?> { ["supervisor"] = " Chefs | chefs|A=B |", ["inventé"] = "x", ["administrator"] = null });
        Assert.Equal(["supervisor=Chefs", "supervisor=A=B"], kept);
        Assert.Equal("Chefs | A=B", RoleGroups.Write(kept)["supervisor"]);
    }

    private static RoleGroups Of(string[] groups, string[] twice, params string[] kept) => RoleGroups.Of(
        new DirectorySource { RoleGroups = kept }, new DirectoryAnswer.Read([], groups.ToHashSet(StringComparer.Ordinal), twice.ToHashSet(StringComparer.Ordinal)));

    private static DirectoryEntry In(params string[] groups) => new("", "", "", "", "", null, null, Disabled: false, groups);
}
