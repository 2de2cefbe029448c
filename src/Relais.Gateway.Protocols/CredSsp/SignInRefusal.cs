namespace Relais.Gateway.Protocols.CredSsp;

/// <summary>Why a target did not let an account in, as far as the person can do something about it.</summary>
public enum SignInRefusal
{
    /// <summary>Name or password is wrong; which of them, nobody says.</summary>
    Credentials,

    /// <summary>Too many wrong passwords: the account is closed for a while.</summary>
    Locked,

    /// <summary>The password is right and too old, or must be changed at the first sign-in.</summary>
    PasswordExpired,

    /// <summary>The account is disabled, expired, or may not come here or now.</summary>
    Barred,

    /// <summary>Something else went wrong at the target.</summary>
    Other,
}

/// <summary>What the numbers in <see cref="TsRequest.ErrorCode"/> mean.</summary>
public static class SignInRefusals
{
    // The same Windows error in the dress of an NTSTATUS (FreeRDP) or of an HRESULT.
    private const uint NtWin32 = 0xC0070000;
    private const uint ResultWin32 = 0x80070000;

    /// <summary>The meaning of an NTSTATUS ([MS-ERREF] 2.3), of a Windows error dressed as one, or of a SEC_E code.</summary>
    public static SignInRefusal Of(uint status) => (status & 0xFFFF0000) is NtWin32 or ResultWin32 ? OfWin32(status & 0xFFFF) : status switch
    {
        0xC000006D or 0xC000006A or 0xC0000064 => SignInRefusal.Credentials, // LOGON_FAILURE, WRONG_PASSWORD, NO_SUCH_USER
        0x8009030C or 0x8009030E => SignInRefusal.Credentials, // SEC_E_LOGON_DENIED, SEC_E_NO_CREDENTIALS
        0xC0000234 => SignInRefusal.Locked, // ACCOUNT_LOCKED_OUT
        0xC0000071 or 0xC0000224 => SignInRefusal.PasswordExpired, // PASSWORD_EXPIRED, PASSWORD_MUST_CHANGE
        0xC0000072 or 0xC0000193 => SignInRefusal.Barred, // ACCOUNT_DISABLED, ACCOUNT_EXPIRED
        0xC000006E or 0xC000006F or 0xC0000070 => SignInRefusal.Barred, // ACCOUNT_RESTRICTION, INVALID_LOGON_HOURS, INVALID_WORKSTATION
        0xC000015B or 0xC0000022 => SignInRefusal.Barred, // LOGON_TYPE_NOT_GRANTED, ACCESS_DENIED
        _ => SignInRefusal.Other,
    };

    // [MS-ERREF] 2.2.
    private static SignInRefusal OfWin32(uint error) => error switch
    {
        1326 => SignInRefusal.Credentials, // LOGON_FAILURE
        1909 => SignInRefusal.Locked, // ACCOUNT_LOCKED_OUT
        1330 or 1907 => SignInRefusal.PasswordExpired, // PASSWORD_EXPIRED, PASSWORD_MUST_CHANGE
        5 or 1327 or 1328 or 1329 or 1331 or 1385 or 1793 => SignInRefusal.Barred, // as above
        _ => SignInRefusal.Other,
    };
}
