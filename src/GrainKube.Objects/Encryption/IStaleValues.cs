namespace GrainKube.Objects.Encryption;

/// <summary>A store that knows of values which lie there as they would not be written any more. A write that changes nothing writes such a value anew: that is how keys are changed.</summary>
internal interface IStaleValues
{
    Task<bool> IsStaleAsync(string key, CancellationToken cancel);
}
