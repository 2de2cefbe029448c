using Relais.Access.Accounts;
using Relais.Access.Directories;

namespace Relais.Access.Passwords;

internal enum PasswordProof
{
    Right,
    Wrong,

    /// <summary>Right at the directory, which has disabled the person.</summary>
    ShutOut,

    /// <summary>The directory, which alone could say, does not answer: that is no failure of the person.</summary>
    DirectoryAway,
}

/// <summary>Whether a password is a person's: Relais's own, or the directory's for those whom the directory signs in.</summary>
internal sealed class CheckPassword(PasswordCheck own, DirectoryPasswords directory)
{
    /// <param name="person">Null, for a name that nobody has, costs the same and is never right.</param>
    public async Task<PasswordProof> HandleAsync(Person? person, string password, CancellationToken cancel)
    {
        if (person is null || !await directory.ConcernAsync(person.Id, cancel))
            return await own.IsRightAsync(person, password, cancel) ? PasswordProof.Right : PasswordProof.Wrong;

        // As much work as for anybody else, so that the time tells nobody whose account it is.
        var work = own.IsRightAsync(null, password, cancel);
        var answer = await directory.CheckAsync(person.Id, person.UserName ?? "", password, cancel);
        await work;
        return answer switch
        {
            DirectoryPasswordAnswer.Right => PasswordProof.Right,
            DirectoryPasswordAnswer.ShutOut => PasswordProof.ShutOut,
            DirectoryPasswordAnswer.Away => PasswordProof.DirectoryAway,
            // Untied in this very moment, too.
            DirectoryPasswordAnswer.Wrong or null => PasswordProof.Wrong,
        };
    }
}
