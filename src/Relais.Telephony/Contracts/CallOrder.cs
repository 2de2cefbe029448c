namespace Relais.Telephony.Contracts;

/// <summary>A call to place.</summary>
/// <param name="Person">Who speaks; one call a person at a time.</param>
/// <param name="Number">As people write it, or in E.164.</param>
/// <param name="Caller">Which number the callee is shown.</param>
/// <param name="Study">The study that is called for; empty: none. Kept with the call.</param>
/// <param name="Subject">What is called about, as who orders the call names it, such as "case:1234": kept with the call, so that recordings and exports find their way back.</param>
public sealed record CallOrder(Guid Person, string Number, CallerClass Caller = CallerClass.Ordinary, string Study = "", string Subject = "");
