namespace GrainKube.Objects.Writes.Outside;

/// <summary>Ends a plan that is only prepared at the place where others may change the object: what comes after would judge an object that is not finished.</summary>
internal sealed class MutationReachedException(PreparedWrite prepared) : Exception("The write is prepared as far as was asked")
{
    public PreparedWrite Prepared { get; } = prepared;
}
