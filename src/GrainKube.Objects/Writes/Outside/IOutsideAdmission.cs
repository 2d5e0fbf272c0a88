using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Objects.Writes.Outside;

/// <summary>
/// Admission that asks others over the network. It runs at the caller of a write, between the turns of the object's grain: a slow answer must not keep an object's other writers waiting.
/// </summary>
public interface IOutsideAdmission
{
    /// <summary>Begins the review of a write, or tells by null that nobody is to be asked. Called for every write: it must be cheap.</summary>
    IOutsideReview? Review(ObjectKey key, WriteRequest request);
}
