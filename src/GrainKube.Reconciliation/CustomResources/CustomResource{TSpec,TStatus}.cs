using k8s;
using k8s.Models;

namespace GrainKube.Reconciliation.CustomResources;

/// <summary>
/// Base of the model of a custom resource. A reconciler for it has its CustomResourceDefinition made from this class: its schema from the properties of spec and status.
/// </summary>
/// <remarks>
/// Give the class a <see cref="KubernetesEntityAttribute"/> with group, version, kind and plural name. In spec and status, <c>required</c> makes a member required;
/// <see cref="System.ComponentModel.DefaultValueAttribute"/>, <see cref="System.ComponentModel.DescriptionAttribute"/>, the attributes of <see cref="System.ComponentModel.DataAnnotations"/> for ranges,
/// lengths, patterns and allowed values, <see cref="RuleAttribute"/> and <see cref="ColumnAttribute"/> say the rest. The API server holds clients to all of it.
/// </remarks>
/// <typeparam name="TSpec">What a user wants.</typeparam>
/// <typeparam name="TStatus">What the reconciler found; a subresource of its own.</typeparam>
public abstract class CustomResource<TSpec, TStatus> : IKubernetesObject<V1ObjectMeta>, ISpec<TSpec>, IStatus<TStatus?>
    where TSpec : class, new() where TStatus : class
{
    /// <inheritdoc/>
    public string ApiVersion { get; set; } = "";

    /// <inheritdoc/>
    public string Kind { get; set; } = "";

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <inheritdoc/>
    public TSpec Spec { get; set; } = new();

    /// <inheritdoc/>
    public TStatus? Status { get; set; }
}
