using Xunit;

namespace GrainKube.ApiServer.Tests.World;

/// <summary>One world for all tests of the project; each test has its own namespace.</summary>
[CollectionDefinition(Name)]
public sealed class ApiCollection : ICollectionFixture<ApiWorld>
{
    public const string Name = "api";
}
