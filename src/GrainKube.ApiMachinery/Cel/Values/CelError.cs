namespace GrainKube.ApiMachinery.Cel.Values;

/// <summary>Why an evaluation gave no value; the words are cel-go's.</summary>
/// <param name="Message">For the user.</param>
/// <param name="Fatal">Nothing may absorb it: the budget is used up or the evaluation was cancelled.</param>
public sealed record CelError(string Message, bool Fatal = false)
{
    public static readonly CelError NoOverload = new("no such overload");
    public static readonly CelError Budget = new("operation cancelled: actual cost limit exceeded", Fatal: true);

    public static CelValue NoSuchKey(CelValue key) => CelValue.Fail($"no such key: {Printing.CelPrinter.Plain(key)}");

    public static CelValue NoSuchField(string field) => CelValue.Fail($"no such key: {field}");
}
