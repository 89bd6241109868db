package jpeg

// StoreForTest lets tests give an image of a subsampling that image/jpeg does not
// write.
var StoreForTest = store
