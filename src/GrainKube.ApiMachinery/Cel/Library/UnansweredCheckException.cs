namespace GrainKube.ApiMachinery.Cel.Library;

/// <summary>
/// Ends an evaluation at a question that somebody outside has to answer: an evaluation does not wait. Whoever may wait gets the answer and evaluates again, with it at hand. It may cross
/// silos, because expressions are evaluated in an object's turn, and nobody outside is asked there.
/// </summary>
[GenerateSerializer]
[Alias("GrainKube.UnansweredCheckException")]
public sealed class UnansweredCheckException(AccessCheck check) : Exception("A write asks what only an authorizer outside knows")
{
    [Id(0)] public AccessCheck Check { get; } = check;
}
